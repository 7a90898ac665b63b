"""Fixtures: each test that needs a database runs on SQLite and on a real PostgreSQL, with nothing left of the test before.

A test with a browser runs on PostgreSQL only: what a page looks like and how it is used does not depend on the database, and whatever
does is tested without a browser on both.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.browsing import WIDE, Visitor, running_browser, visitor
from tests.builders import sign_in
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.postgres import running_postgres
from tests.serving import served
from weekapp import cache, clock
from weekapp.accounts import lockout
from weekapp.accounts.models import User
from weekapp.app import create_app
from weekapp.config import Settings
from weekapp.db import db, transaction


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite,postgresql", help="which of sqlite,postgresql to run on; browser tests run on the last")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("--databases").split(",")
        has_browser = metafunc.definition.get_closest_marker("browser") is not None
        metafunc.parametrize("database_kind", kinds[-1:] if has_browser else kinds, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runners take the tests of one file on one database together, or of the group it names, so that few start the same site twice."""
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        kind = item.callspec.params.get("database_kind", "") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ""
        item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.stem} {kind}".strip()))


def settings_for_tests(folder: Path, database_url: str, **more: str) -> Settings:
    """Settings of an installation that reaches nothing outside this machine."""
    values = {
        "SECRET_KEY": "test " * 8,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "BROKER_URL": "memory://",
        "CACHE_URL": "memory://",
        "FRESH_SECONDS": "0",
        "TRACKING_WAIT": "0",
    }
    return Settings.from_mapping({f"WEEKAPP_{name}": text for name, text in (values | more).items()})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file; two of them at once cannot live in one process."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    with running_postgres() as address:
        yield address


@pytest.fixture(scope="session")
def databases(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SqliteDatabases | PostgresDatabases:
    if database_kind == "sqlite":
        return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    return PostgresDatabases(request.getfixturevalue("postgres_address"))


@pytest.fixture(scope="session")
def app_of_session(databases: SqliteDatabases | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(settings_for_tests(tmp_path_factory.mktemp("data"), databases.url))
    app.testing = True
    databases.fill(app)
    yield app
    with app.app_context():
        db.engine.dispose()


class Commits:
    """Whether anything has been committed since the last fresh copy, or was written and undone: PostgreSQL gives no number out twice."""

    seen = False
    undone = False


@event.listens_for(Session, "after_commit")
def _note_commit(_session: Session) -> None:
    Commits.seen = True


@event.listens_for(Session, "after_flush")
def _note_numbers(_session: Session, _context: object) -> None:
    Commits.undone = True


@pytest.fixture
def app(app_of_session: Flask, databases: SqliteDatabases | PostgresDatabases) -> Iterator[Flask]:
    """The site on a database with the municipalities and nothing else."""
    cache.layer_of(app_of_session).forget()
    app_of_session.extensions[lockout.NAME].own.reset()  # nobody has tried anything yet
    with app_of_session.app_context():
        Commits.seen = Commits.undone = False
        yield app_of_session
        db.session.remove()
        if Commits.seen or (Commits.undone and isinstance(databases, PostgresDatabases)):
            db.engine.dispose()
            databases.reset()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A transaction in which services can be called and that is undone afterwards. Not together with `client`."""

    class Undo(Exception):
        pass

    try:
        with transaction():
            yield db.session
            raise Undo
    except Undo:
        pass


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript. Fill the database before with `with transaction():` and builders."""
    return app.test_client()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the clock: at(datetime(...))."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the site behind a real port."""
    with served(app) as address:
        yield address


@pytest.fixture
def somebody(browser: Browser, site: str, app: Flask) -> Iterator[Callable[..., Visitor]]:
    """somebody(size) is new at the site, with a browser of their own; somebody(size, user=...) is signed in."""
    arrived: list[Visitor] = []

    def arrive(size: tuple[int, int] = WIDE, *, user: User | None = None, javascript: bool = True) -> Visitor:
        arrived.append(visitor(browser, site, size, javascript=javascript))
        if user is not None:
            client = app.test_client()
            sign_in(client, user)
            cookie = client.get_cookie("weekapp")
            assert cookie is not None
            arrived[-1].context.add_cookies([{"name": "weekapp", "value": cookie.value, "url": site}])
        return arrived[-1]

    yield arrive
    for one in arrived:
        one.close()
