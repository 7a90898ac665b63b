"""The site behind a real port, and people with a browser, signed in or not; shared by the journeys of initiators."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.browsing import PHONE, Visitor, running_browser, visitor
from tests.builders import sign_in
from weekapp.accounts.models import User

Arrive = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application behind a real port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def somebody(browser: Browser, site: str, app: Flask) -> Iterator[Arrive]:
    """somebody() has a phone; somebody(user=...) is signed in."""
    arrived: list[Visitor] = []

    def arrive(size: tuple[int, int] = PHONE, *, user: User | None = None, javascript: bool = True) -> Visitor:
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
