"""Stored public answers: the layer around the whole site."""

import gzip
from datetime import UTC, datetime, timedelta

import brotli
import psycopg
import pytest
import zstandard
from sqlalchemy import event
from werkzeug.test import Client

from tests.builders import make_edition, make_user, sign_in
from tests.cache.away import bring_back, take_away, withdraw
from tests.conftest import settings_for_tests
from tests.databases import SqliteDatabases
from weekapp import clock, core
from weekapp.app import create_app
from weekapp.cache import layer_of
from weekapp.db import db, transaction

THE_DAY = datetime(2027, 9, 1, 12, tzinfo=UTC)
FORMATS = ("ics", "geojson", "json", "csv", "atom")
PATHS = ("/", "/activiteiten", "/kaart", "/gemeenten", "/gemeenten/utrecht", "/gemeenten/utrecht.ics", "/privacy", "/sitemap.xml")
PATHS += tuple(f"/activiteiten.{ending}" for ending in FORMATS)
DECODERS = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress, "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body)}


@pytest.fixture
def other_process(app, databases, tmp_path):
    """A second application on the same database, which does not ask for the version by itself for an hour."""
    other = create_app(settings_for_tests(tmp_path, databases.url, FRESH_SECONDS="3600"))
    other.testing = True
    yield other
    with other.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", PATHS)
def test_public_answers_keep_the_rules_of_http(client, one, path, at):
    at(clock.now() + timedelta(minutes=1))  # long after the change: Last-Modified has settled
    whole = client.get(path)
    assert whole.status_code == 200
    assert whole.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"
    tags = {"": whole.headers["ETag"]}
    for encoding, decoded in DECODERS.items():
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert answer.headers.get("Content-Encoding", "") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert decoded(answer.data) == whole.data
        assert "Set-Cookie" not in answer.headers
        tags[encoding] = answer.headers["ETag"]
        head = client.head(path, headers={"Accept-Encoding": encoding})
        assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(answer.headers))
        for condition in (tags[encoding], f"W/{tags[encoding]}", f'"x", {tags[encoding]}', "*"):
            unchanged = client.get(path, headers={"Accept-Encoding": encoding, "If-None-Match": condition})
            assert (unchanged.status_code, unchanged.data, unchanged.headers["ETag"]) == (304, b"", tags[encoding])
        past = {"Accept-Encoding": encoding, "If-None-Match": '"x"', "If-Modified-Since": "Fri, 31 Dec 2099 23:59:59 GMT"}
        assert client.get(path, headers=past).status_code == 200
    assert len(set(tags.values())) == 4


def test_last_modified_grows_when_an_activity_goes_away(client, one, at):
    at(THE_DAY)
    with transaction():
        make_edition().changed_at = THE_DAY
    at(THE_DAY + timedelta(hours=1))
    before = client.get("/activiteiten.ics").headers["Last-Modified"]
    assert client.get("/activiteiten.ics", headers={"If-Modified-Since": before}).status_code == 304
    withdraw(one)
    at(THE_DAY + timedelta(hours=2))
    after = client.get("/activiteiten.ics", headers={"If-Modified-Since": before})
    assert (before, after.headers["Last-Modified"]) == ("Wed, 01 Sep 2027 12:00:00 GMT", "Wed, 01 Sep 2027 13:00:00 GMT")
    assert (after.status_code, after.data.count(b"STATUS:CANCELLED"), after.data.count(b"BEGIN:VEVENT")) == (200, 1, 1)


@pytest.mark.parametrize("path", PATHS)
def test_two_web_processes_and_a_restart_give_the_same_octets(client, other_process, one, path):
    for encoding in DECODERS:
        here = client.get(path, headers={"Accept-Encoding": encoding})
        there = other_process.test_client().get(path, headers={"Accept-Encoding": encoding})
        assert (here.data, here.headers["ETag"]) == (there.data, there.headers["ETag"])


@pytest.mark.parametrize("path", PATHS)
def test_a_kept_answer_asks_the_database_nothing(other_process, one, path):
    browser = other_process.test_client()
    tag = browser.get(path).headers["ETag"]
    statements = []
    with other_process.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    assert browser.get(path).status_code == 200
    assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert statements == []


def test_the_process_that_changes_something_sees_it_at_once(other_process, one):
    browser = other_process.test_client()
    assert browser.get("/activiteiten.json").json
    with other_process.app_context():
        withdraw(one)
    assert browser.get("/activiteiten.json").json == []


@pytest.mark.parametrize("path", PATHS)
def test_a_public_answer_is_the_same_whoever_asks_and_by_whatever_name(app, client, one, path):
    with transaction():
        moderator = make_user("moderator")
    sign_in(client, moderator)
    signed_in = client.get(path, headers={"Host": "kwaad.example", "X-Forwarded-Host": "kwaad.example", "X-Forwarded-Proto": "https"})
    layer_of(app).forget()
    assert signed_in.data == app.test_client().get(path).data
    assert "Set-Cookie" not in signed_in.headers


def test_pages_of_people_are_never_kept(app, client, one):
    with transaction():
        manager = make_user("manager")
    sign_in(client, manager)
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and app.view_functions[rule.endpoint].needs != "public":
            client.get(rule.rule)
            assert rule.rule not in layer_of(app).pages.answers, rule.rule


def test_every_public_page_is_kept(app, client, one):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and app.view_functions[rule.endpoint].needs == "public":
            status = client.get(rule.rule).status_code
            assert status != 200 or rule.rule in layer_of(app).pages.answers, rule.rule


def test_an_endless_query_is_refused_and_not_kept(app, client):
    assert client.get("/activiteiten?q=" + "a" * 3000).status_code == 400
    problem = client.get("/activiteiten.ics?q=" + "a" * 3000)
    assert (problem.status_code, problem.content_type) == (400, "application/problem+json")
    assert layer_of(app).taken == 0


@pytest.mark.parametrize("path", ["/activiteiten", "/activiteiten.ics", "/themas/eten.json", "/api/v1/activiteiten", "/kaart"])
def test_a_query_of_ten_megabytes_is_cut_off_before_anybody_reads_it(app, path):
    heard, inner = [], layer_of(app).site

    def listening(environ, start_response):
        heard.append(environ)
        return inner(environ, start_response)

    layer_of(app).site = listening
    try:
        answer = Client(app.wsgi_app).get(path, query_string="q=" + "a" * 10_000_000)
    finally:
        layer_of(app).site = inner
    assert answer.status_code == 400
    assert [environ["QUERY_STRING"] for environ in heard] == [""]
    assert layer_of(app).making == {}
    assert layer_of(app).taken == 0


ABSURD_RANGES = ("bytes=0-10", "bytes=999999999999999999999-", "bytes=" + ",".join(["0-1"] * 5000), "x" * 100_000, "bytes=9-1")


@pytest.mark.parametrize("wanted", ABSURD_RANGES, ids=range(5))
def test_whatever_part_is_asked_for_the_whole_comes(client, one, wanted):
    whole = client.get("/activiteiten.ics")
    part = client.get("/activiteiten.ics", headers={"Range": wanted, "If-Range": whole.headers["ETag"]})
    assert (part.status_code, part.data) == (200, whole.data)
    assert "Content-Range" not in part.headers


def test_searches_that_cannot_be_understood_are_not_kept(app, client, one):
    for number in range(50):
        for _ in range(2):
            assert client.get(f"/activiteiten.json?onbekend={number}").status_code == 400
    assert layer_of(app).taken == 0


def test_without_a_database_public_reads_go_on_marked(client, one, databases):
    good = client.get("/activiteiten.ics")
    take_away(databases)
    try:
        answers = [client.get("/activiteiten.ics"), client.get("/gemeenten/utrecht")]
    finally:
        bring_back(databases)
    assert (answers[0].status_code, answers[0].data) == (200, good.data)
    assert answers[0].headers["Warning"] == '110 - "Response is Stale"'
    assert answers[1].status_code == 503
    assert answers[1].headers["Retry-After"]
    assert "Warning" not in client.get("/activiteiten.ics").headers


def test_somebody_who_writes_does_not_stop_who_reads(client, one, databases):
    client.get("/activiteiten")
    with db.engine.connect() as connection:
        if isinstance(databases, SqliteDatabases):
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("UPDATE edition SET version = version + 1")
        assert "Warning" not in client.get("/activiteiten").headers
        assert client.get("/gemeenten/utrecht").status_code == 200
        connection.rollback()


def test_a_site_that_starts_while_somebody_locks_its_tables_says_that_it_is_busy(one, databases, tmp_path, monkeypatch):
    if isinstance(databases, SqliteDatabases):
        pytest.skip("on SQLite nobody can lock out readers")
    monkeypatch.setattr(core, "PATIENCE", 0.2)
    starting = create_app(settings_for_tests(tmp_path, databases.url))
    with psycopg.connect(f"{databases.address}/{databases.live}") as locker:
        locker.execute("LOCK TABLE edition, activity IN ACCESS EXCLUSIVE MODE")
        answer = starting.test_client().get("/activiteiten")
        locker.rollback()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert starting.test_client().get("/activiteiten").status_code == 200
    with starting.app_context():
        db.engine.dispose()
