"""PRIV-10: whatever somebody types, and whatever goes wrong with it, no log line quotes it."""

import io
import logging
import sys
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from tests.architecture.test_routes import needs, rules_for
from tests.builders import make_activity, make_organisation, make_user
from weekapp.db import db, transaction
from weekapp.logs import set_up_logs

CANARY = "Kanarievogel"  # a name, in a mail address, a street, a token, a search
FORM = {
    "title": f"Soep met {CANARY}",
    "description": CANARY,
    "name": CANARY,
    "first_name": CANARY,
    "email": f"{CANARY}@voorbeeld.nl".lower(),
    "phone": "0612345678",
    "organisation": CANARY,
    "street": f"{CANARY}straat",
    "postcode": CANARY,
    "house_number": CANARY,
    "password": CANARY,
    "code": CANARY,
    "reason": CANARY,
    "q": CANARY,
    "form_token": CANARY,
    "csrf_token": CANARY,
}


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Everything that our own logs and those of libraries have said so far."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up_logs(as_json=True)
    caplog.set_level(logging.DEBUG)
    yield lambda: written.getvalue() + "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    monkeypatch.undo()
    set_up_logs(as_json=True)


def visit_everything(app: Flask, client: FlaskClient, path_of: Callable[[Rule, str], str]) -> int:
    """Ask for each address and send each form, with the canary wherever something can be typed; how many answers were errors of ours."""
    failed = 0
    for method in ("GET", "POST"):
        for rule, address in rules_for(app, method):
            path = path_of(rule, address)
            answer = client.open(path, method=method, query_string={"q": CANARY, "email": CANARY}, data=FORM if method == "POST" else None)
            failed += answer.status_code >= 500
    return failed


def with_canary(rule: Rule, address: str) -> str:
    """The address with the canary in the place of texts such as tokens."""
    return address.replace("proef", CANARY)


def fill() -> None:
    with transaction():
        initiator = make_user("initiator", name=CANARY, email=f"{CANARY}@voorbeeld.nl".lower())
        make_activity(f"Soep met {CANARY}", initiator=initiator, organisation=make_organisation(CANARY, member=initiator), street=CANARY)


def test_a_visit_to_every_page_leaves_nothing_typed_in_the_logs(app: Flask, client: FlaskClient, logged: Callable[[], str]) -> None:
    fill()
    visit_everything(app, client, with_canary)
    assert CANARY.lower() not in logged().lower()


def test_errors_of_the_database_are_logged_without_what_was_typed(
    app: Flask, client: FlaskClient, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table is taken away, so that real statements fail with the typed values in their error texts."""
    fill()
    with transaction():
        for table in ("activity_audience", "calendar_entry", "occurrence", "outgoing_mail", "registration"):
            db.session.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    monkeypatch.setattr(app, "testing", False)
    failed = visit_everything(app, client, with_canary)
    db.session.rollback()
    said = logged()
    assert failed > 0, "nothing failed: this test tests nothing"
    assert '"problem"' in said, "errors must be logged with their place in the code"
    assert CANARY.lower() not in said.lower()


def test_a_stray_field_never_reaches_the_log(logged: Callable[[], str]) -> None:
    import structlog

    structlog.get_logger().info("something happened", email=CANARY, name=CANARY, order_id=12)
    assert CANARY not in logged()
    assert '"order_id": 12' in logged()


def test_every_route_is_visited(app: Flask) -> None:
    assert {needs(app, rule) for method in ("GET", "POST") for rule, _ in rules_for(app, method)} >= {"public", "public form"}
