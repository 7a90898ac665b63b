"""Registrations are tested on a day on which everything is open; their journeys in a browser, on a phone."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.browsing import PHONE, Visitor, visitor
from tests.builders import sign_in
from weekapp.accounts.models import User


@pytest.fixture(autouse=True)
def in_june(at):
    at(datetime(2027, 6, 15, 8, tzinfo=UTC))


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
def somebody(browser: Browser, site: str, app: Flask) -> Iterator[Callable[..., Visitor]]:
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
