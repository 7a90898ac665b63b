"""Every address: who may use it, what its answer may carry, and that it is where others say it is."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.builders import make_activity
from weekapp import addresses, languages
from weekapp.accounts.permissions import PERMISSIONS
from weekapp.db import transaction
from weekapp.geography import reference

OPEN = {"public", "public form", "token"}
FRAMED = "/insluiten"  # the one page that other sites may put in a frame
SAMPLES = {"activity_id": 1, "slug": "utrecht", "year": 2027, "id": 1}


def rules_for(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    """Each rule that takes a method, with an address that it matches."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or set()):
                yield rule, url_for(rule.endpoint, **(rule.defaults or {}), **{name: sample(rule, name) for name in rule._converters})


def sample(rule: Rule, name: str) -> object:
    """A value that the converter of an argument takes."""
    kind = type(rule._converters[name]).__name__
    if kind == "WholeNumber":
        return 1
    if kind == "AnyConverter":
        return sorted(getattr(rule._converters[name], "items", ["x"]))[0]
    return SAMPLES.get(name, "proef")


def needs(app: Flask, rule: Rule) -> str:
    return getattr(app.view_functions[rule.endpoint], "needs", "")


@pytest.fixture
def answers(app: Flask, client: FlaskClient) -> list[tuple[str, str, TestResponse]]:
    """(needs, address, answer) of every GET address for somebody who is not signed in, and of some that do not exist."""
    with transaction():
        make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
    known = [(needs(app, rule), address) for rule, address in rules_for(app, "GET")]
    unknown = [("", address) for address in ("/bestaat-niet", "/api/v1/bestaat-niet", "/activiteiten/999999-weg", "/bestaat-niet.ics")]
    return [(need, address, client.get(address)) for need, address in known + unknown]


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    silent = [rule.rule for rule in app.url_map.iter_rules() if not needs(app, rule)]
    assert silent == [], f"add @public, @public_form, @operators or @needs(...) to: {silent}"


def test_every_permission_that_a_route_needs_is_in_the_table(app: Flask) -> None:
    unknown = {needs(app, rule) for rule in app.url_map.iter_rules()} - OPEN - set(PERMISSIONS)
    assert unknown == set()


def test_every_permission_in_the_table_is_needed_by_something(app: Flask) -> None:
    used = {needs(app, rule) for rule in app.url_map.iter_rules()}
    assert set(PERMISSIONS) - used == set(), "take it out of weekapp.accounts.permissions"


def test_what_changes_something_is_never_public(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if needs(app, rule) == "public" and {"POST", "PUT", "DELETE"} & (rule.methods or set())
    ]
    assert wrong == [], f"a form is @public_form: {wrong}"


def test_who_is_not_signed_in_gets_nothing_that_needs_a_role(answers: list[tuple[str, str, TestResponse]]) -> None:
    wrong = [
        (address, answer.status)
        for need, address, answer in answers
        if need not in OPEN | {""} and answer.status_code not in {302, 303, 401, 403, 404}
    ]
    assert wrong == []


def test_posting_without_a_session_changes_nothing_that_needs_a_role(app: Flask, client: FlaskClient) -> None:
    wrong = []
    for rule, address in rules_for(app, "POST"):
        if needs(app, rule) not in OPEN:
            answer = client.post(address)
            if answer.status_code not in {302, 303, 400, 401, 403, 404}:
                wrong.append((address, answer.status))
    assert wrong == []


def test_no_address_fails(answers: list[tuple[str, str, TestResponse]]) -> None:
    assert [(address, answer.status) for _, address, answer in answers if answer.status_code >= 500 and address != "/readyz"] == []


def test_public_addresses_set_no_cookie(answers: list[tuple[str, str, TestResponse]]) -> None:
    wrong = [address for need, address, answer in answers if need in OPEN | {""} and "Set-Cookie" in answer.headers]
    assert wrong == [], "A11Y-19: no cookie, not even for the session"


def test_public_answers_may_be_stored_and_all_others_not(answers: list[tuple[str, str, TestResponse]]) -> None:
    for need, address, answer in answers:
        control = answer.headers["Cache-Control"]
        if need == "public" and answer.status_code == 200:
            assert "public" in control, address
            assert "ETag" in answer.headers, address
        elif need != "public" and answer.status_code != 304:
            assert "no-store" in control, address


def test_every_answer_has_a_policy_that_passes_the_checks_of_internet_nl(answers: list[tuple[str, str, TestResponse]]) -> None:
    wrong = [
        (address, problem)
        for _, address, answer in answers
        for problem in policy_problems(answer.headers.get("Content-Security-Policy", ""), address)
    ]
    assert wrong == [], "SEC-02"


def test_every_answer_has_the_headers_of_sec_03(answers: list[tuple[str, str, TestResponse]]) -> None:
    for _, address, answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, address
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        if FRAMED not in address:
            assert answer.headers["X-Frame-Options"] == "DENY", address


def test_pages_are_in_dutch_and_say_so(answers: list[tuple[str, str, TestResponse]]) -> None:
    pages = [
        (address, answer.text) for _, address, answer in answers if answer.mimetype == "text/html" and answer.status_code in {200, 404}
    ]
    assert pages
    assert [address for address, html in pages if '<html lang="nl" dir="ltr">' not in html] == []


def policy_problems(policy: str, address: str = "") -> list[str]:
    """What the checker of internet.nl would say (checks/tasks/http_headers.py, SEC-02)."""
    given = {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}
    found = [
        f"{name} is not {' or '.join(allowed)}"
        for name, allowed in STRICT.items()
        if not set(given.get(name, [])) <= allowed or not given.get(name)
    ]
    found += [f"{name} is missing" for name in ("form-action", "frame-ancestors") if name not in given]
    if "frame-src" not in given and "child-src" not in given and "default-src" not in given:
        found.append("frame-src has no fallback")
    for name, sources in given.items():
        found += [
            f"{name} has {source}" for source in sources if is_loose(name, source) and not (name == "frame-ancestors" and FRAMED in address)
        ]
    return found


STRICT = {"default-src": {"'self'", "'none'"}, "base-uri": {"'self'", "'none'"}}


def is_loose(name: str, source: str) -> bool:
    if source.startswith("'"):
        return source in {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'"}
    if source == "data:":
        return name in {"script-src", "object-src", "default-src"}
    return not source.startswith("https://") or "*" in source or "127.0.0.1" in source


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "default-src 'self'; base-uri 'none'; form-action 'self'",
        "default-src *; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "default-src 'self'; script-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "default-src 'self'; img-src service.pdok.nl; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "default-src 'self'; script-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "default-src 'self'; img-src https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ],
)
def test_the_check_of_policies_finds_what_it_is_for(policy: str) -> None:
    assert policy_problems(policy)


def test_addresses_that_are_written_without_a_request_are_those_of_the_routes(app: Flask) -> None:
    municipality = reference.municipalities()[0].slug
    written = [
        addresses.activity(12, "Samen soep eten"),
        addresses.municipality(municipality),
        addresses.gathering(12, "Landelijke opening"),
        addresses.confirm_registration("abc"),
        addresses.sign_in("abc"),
        addresses.MINE,
    ]
    with app.test_request_context():
        matcher = app.url_map.bind("localhost")
        for address in written:
            endpoint, arguments = matcher.match(address, method="GET")
            assert url_for(endpoint, **arguments) == address


def test_links_in_templates_and_code_lead_somewhere(app: Flask, answers: list[tuple[str, str, TestResponse]]) -> None:
    """Each address of our own that a public page links to is answered by some route."""
    matcher = app.url_map.bind("localhost")
    for _, page, answer in answers:
        if answer.mimetype == "text/html":
            for address in own_links(answer.text):
                _language, path = addresses.without_language(address, languages.known())
                assert matcher.test(path, method="GET"), f"{page} links to {address}"


def own_links(html: str) -> set[str]:
    links = (part.split('"', 1)[0] for part in html.split('href="')[1:])
    return {link.split("#")[0].split("?")[0] for link in links if link.startswith("/") and not link.startswith("//")}
