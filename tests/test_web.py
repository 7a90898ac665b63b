"""What every answer has in common: headers, errors in words, and nothing typed is lost."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.builders import make_edition, make_user, sign_in
from weekapp.db import transaction


def test_unknown_page_says_what_to_do(client: FlaskClient):
    answer = client.get("/bestaat-niet")
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet." in answer.text
    assert 'href="/activiteiten"' in answer.text


def test_unknown_machine_address_answers_with_a_problem(client: FlaskClient):
    answer = client.get("/bestaat-niet.json")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == 404


@pytest.mark.parametrize("path", ["/activiteiten.json?dag=ooit", "/gemeenten/nergens.geojson", "/api/v1/activiteiten?dag=ooit"])
def test_any_website_may_read_what_is_wrong_with_its_question(client: FlaskClient, path: str):
    assert client.get(path).headers.getlist("Access-Control-Allow-Origin") == ["*"]


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "9" * 1000])
def test_a_number_that_no_row_can_have_is_not_found_anywhere(app: Flask, client: FlaskClient, number: str):
    """It would not fit the database's whole numbers, and end as a mistake of ours instead of a page that does not exist."""
    rules = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(rules) > 50
    for rule in rules:
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        assert client.open(re.sub(r"<[^>]+>", number, rule.rule), method=method).status_code in {404, 405}, rule


@pytest.mark.parametrize(
    "path",
    [
        "/logistiek/bestellingen?pagina=99999999999999999999",
        "/logistiek/bestellingen?pagina=-99999999999999999999",
        "/logistiek/bestellingen?pagina=x",
        "/beheer/pakketten?jaar=99999999999999999999",
    ],
)
def test_a_number_after_the_question_mark_that_is_too_large_breaks_nothing(client: FlaskClient, path: str):
    with transaction():
        make_edition()
        manager = make_user("manager")
    sign_in(client, manager)
    assert client.get(path).status_code in {200, 404}


@pytest.mark.parametrize("path", ["/", "/bestaat-niet", "/inloggen", "/activiteiten.json?dag=ooit"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_public_page_is_stored_by_whoever_likes_and_changes_its_mark_with_its_content(client: FlaskClient):
    answer = client.get("/privacy")
    assert answer.headers["Cache-Control"].startswith("public, max-age=60")
    assert client.get("/privacy", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_form_of_an_ended_session_comes_back_filled(client: FlaskClient):
    with transaction():
        moderator = make_user("moderator")
    sign_in(client, moderator)
    answer = client.post("/beheer/moderatie/1/terugsturen", data={"reason": "Schrijf hoe laat <b>het</b> begint.", "csrf_token": "oud"})
    assert answer.status_code == 400
    assert "Je formulier is nog niet verstuurd." in answer.text
    assert "Schrijf hoe laat &lt;b&gt;het&lt;/b&gt; begint." in answer.text


def test_database_that_is_away_gives_a_form_back_without_a_cookie(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def away(*_arguments: object, **_more: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    monkeypatch.setattr("weekapp.clock.now", lambda: datetime(2027, 1, 4, tzinfo=UTC))
    monkeypatch.setattr("sqlalchemy.engine.base.Engine.connect", away)
    answer = client.post("/meedoen/activiteit", data={"title": "Soep voor de straat"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Soep voor de straat" in answer.text
    assert "Set-Cookie" not in answer.headers
