"""Three small sites behind real ports, made once for all tests of this folder: in full swing, just opened, and between two Weeks.

On SQLite only: what is tested here is what a browser makes of the HTML, and other tests prove that both databases give the same rows.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from tests.browser.filling import Found, fill
from tests.builders import make_edition, make_package, make_user, sign_in
from tests.conftest import settings_for_tests
from tests.databases import migrate
from tests.serving import served
from weekapp.app import create_app
from weekapp.db import db, transaction

NOW = datetime(2027, 6, 15, 8, tzinfo=UTC)  # registering and ordering are open
ROLES = ("initiator", "moderator", "manager", "logistics", "municipality")


@dataclass
class Site:
    """One site: where it answers, the cookie of each role, and the numbers and links that addresses need."""

    name: str
    app: Flask
    base_url: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    found: Found = field(default_factory=dict)

    def know(self, role: str, user: object) -> None:
        """Sign a person in, for a browser that acts in a role."""
        client = self.app.test_client()
        sign_in(client, user)  # type: ignore[arg-type]
        cookie = client.get_cookie("weekapp")
        assert cookie is not None
        self.cookies[role] = cookie.value


@contextmanager
def world(folder: Path) -> Iterator[dict[str, Site]]:
    """The sites by name. The caller has set the clock to NOW."""
    template = folder / "template.db"
    migrate(create_app(settings_for_tests(folder, f"sqlite:///{template}")))
    sites = {name: make_site(name, folder / name, template) for name in ("full", "new", "between")}
    with sites["full"].app.app_context():
        people = fill(sites["full"].found)
        for role in ROLES:
            sites["full"].know(role, people[role])
        db.session.remove()
    with sites["new"].app.app_context():
        with transaction():
            make_package(edition=make_edition(), stock=0)
            newcomers = {role: make_user(role, municipality_code="GM0344" if role == "municipality" else None) for role in ROLES}
        for role, user in newcomers.items():
            sites["new"].know(role, user)
        db.session.remove()
    with ExitStack() as servers:
        for site in sites.values():
            site.base_url = servers.enter_context(served(site.app))
        yield sites
    for site in sites.values():
        with site.app.app_context():
            db.engine.dispose()


def make_site(name: str, folder: Path, template: Path) -> Site:
    """A site with a copy of the tables."""
    folder.mkdir()
    shutil.copyfile(template, folder / "live.db")
    app = create_app(settings_for_tests(folder, f"sqlite:///{folder / 'live.db'}", DEMO="1"))
    app.testing = True
    return Site(name, app)
