"""Stored public answers: the layer around a small site of each test, around the whole site, and in real server processes."""

import contextlib
import gzip
import http.client
import socket
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email.utils import formatdate, parsedate_to_datetime
from urllib.parse import urlsplit

import brotli
import psutil
import psycopg
import pytest
import zstandard
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from tests.builders import make_activity, make_edition, make_user, sign_in
from tests.conftest import settings_for_tests
from tests.databases import SqliteDatabases, dropped
from tests.processes import environment_for, running_web
from weekapp import clock, core, public_version
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.app import create_app
from weekapp.cache import SEEN, HotLayer, layer_of
from weekapp.db import db, transaction
from weekapp.public_version import PublicVersion, Version

THE_DAY = datetime(2027, 9, 1, 12, tzinfo=UTC)
PUBLIC = "public, max-age=60"
FORMATS = ("ics", "geojson", "json", "csv", "atom")
PATHS = ("/", "/activiteiten", "/kaart", "/gemeenten", "/gemeenten/utrecht", "/gemeenten/utrecht.ics", "/privacy", "/sitemap.xml")
PATHS += tuple(f"/activiteiten.{ending}" for ending in FORMATS)
DECODERS = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress, "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body)}


class SmallSite:
    """A site that counts how often it is asked, with a version that the test raises."""

    def __init__(self, body=b"Kom erbij! " * 100, *, status="200 OK", storing=PUBLIC, more=(), slow=0.0, every=0.0):
        self.body, self.status, self.storing, self.more, self.slow = body, status, storing, list(more), slow
        self.asked, self.number, self.is_away, self.heard = 0, 1, False, []
        self.lock = threading.Lock()
        self.version = Version(self.read, every)
        self.layer = HotLayer(self, self.version, private=["mijn"])
        self.client = Client(self.layer)

    def read(self):
        if self.is_away:
            raise OperationalError("SELECT", {}, Exception("away"))
        return PublicVersion(self.number, THE_DAY, date(2027, 9, 1))

    def __call__(self, environ, start_response):
        with self.lock:
            self.asked += 1
            self.heard.append(environ)
            body = self.body if isinstance(self.body, bytes) else self.body(environ)
        if self.slow:
            time.sleep(self.slow)
        start_response(self.status, [("Content-Type", "text/html"), ("Cache-Control", self.storing), *self.more])
        return [body]

    def get(self, path="/", **headers):
        return self.client.get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})


def test_a_kept_answer_is_not_made_again():
    site = SmallSite()
    assert [site.get().data for _ in range(3)] == [site.body] * 3
    assert site.asked == 1


def test_a_new_version_is_made_anew():
    site = SmallSite()
    site.get()
    site.number, site.body = 2, b"Anders"
    assert site.get().data == b"Anders"


def test_what_never_changes_outlives_a_version():
    site = SmallSite(storing="public, max-age=31536000, immutable")
    site.get()
    site.number = 2
    site.get()
    assert site.asked == 1


def test_the_site_is_asked_without_conditions_so_that_it_answers_in_full():
    site = SmallSite()
    tag = site.get().headers["ETag"]
    site.number = 2
    assert site.get(If_None_Match=tag, Range="bytes=0-1").status_code == 304
    assert not {"HTTP_IF_NONE_MATCH", "HTTP_RANGE"} & site.heard[-1].keys()


def test_a_part_is_never_sent_and_never_kept():
    site = SmallSite()
    assert site.get(Range="bytes=0-1").status_code == 200
    assert site.get(Range="bytes=0-1").data == site.body


def test_head_first_does_not_leave_an_empty_body_behind():
    site = SmallSite()
    head = site.client.head("/")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(site.body)))
    assert site.get().data == site.body
    assert site.asked == 1


@pytest.mark.parametrize(
    "changes", [{"storing": "no-store"}, {"more": [("Set-Cookie", "weekapp=1")]}, {"more": [("Vary", "Cookie")]}, {"status": "404 X"}]
)
def test_what_is_not_everybodys_is_asked_for_each_time(changes):
    site = SmallSite(**changes)
    for _ in range(2):
        assert site.get().data == site.body
    assert (site.asked, site.layer.taken) == (2, 0)


def test_a_head_of_a_private_page_has_no_body():
    assert SmallSite(storing="no-store").client.head("/").data == b""


def test_conditions_of_a_private_page_reach_the_page():
    site = SmallSite(storing="no-store")
    site.get("/mijn/activiteiten", If_None_Match='"a"')
    assert site.heard[-1]["HTTP_IF_NONE_MATCH"] == '"a"'


def test_a_form_that_is_sent_reaches_the_site():
    site = SmallSite()
    site.get()
    assert site.client.post("/").data == site.body
    assert site.asked == 2


def test_a_search_is_kept_from_the_second_time_on():
    site = SmallSite()
    for _ in range(4):
        site.get("/activiteiten?q=soep")
    assert site.asked == 2


def test_a_hundred_thousand_addresses_take_bounded_memory_and_push_no_page_out():
    site = SmallSite(lambda environ: environ.get("QUERY_STRING", "").encode().ljust(2000, b" "))
    layer, room = site.layer, 4 * 1024 * 1024
    layer.pages.room, layer.searches.room = room, room
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/activiteiten"}
    layer(environ, lambda *_: None)
    before = psutil.Process().memory_info().rss
    most, kept_once = 0, 0
    for number in range(100_000):
        for _ in range(2 if number % 4 == 0 else 1):  # many come back, so that they are kept
            layer(environ | {"QUERY_STRING": f"q={number}"}, lambda *_: None)
        most, kept_once = max(most, layer.searches.taken), max(kept_once, len(layer.searches.answers))
        site.heard.clear()
    assert 0.9 * room < most <= room
    assert kept_once < 1000
    assert len(layer.seen.newer) + len(layer.seen.older) <= SEEN
    assert layer.making == {}
    assert psutil.Process().memory_info().rss - before < room + 16 * 1024 * 1024
    assert "/activiteiten" in layer.pages.answers


def test_an_answer_is_counted_at_no_less_than_it_takes():
    site = SmallSite(lambda environ: environ["PATH_INFO"].encode().ljust(3000, b"x"))
    paths = [f"/activiteiten/{number}" for number in range(2000)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for path in paths:
        for encoding in ("", "br", "gzip", "zstd"):
            site.layer({"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_ACCEPT_ENCODING": encoding}, lambda *_: None)
        site.heard.clear()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < site.layer.taken < 3 * grown


def test_an_answer_larger_than_half_the_room_is_given_and_not_kept():
    site = SmallSite(b"x" * 10_000)
    site.layer.pages.room = 15_000
    assert site.get(Accept_Encoding="gzip").status_code == 200
    assert site.layer.taken == 0


def test_room_that_is_dropped_is_room_that_is_free():
    site = SmallSite()
    site.get()
    site.status = "404 NOT FOUND"
    site.number = 2
    assert site.get().status_code == 404
    assert (site.layer.taken, len(site.layer.pages.answers)) == (0, 0)


def test_of_many_that_ask_for_a_new_answer_one_makes_it():
    site = SmallSite(slow=0.2)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: site.get().data, range(20)))
    assert (set(answers), site.asked) == ({site.body}, 1)


def test_while_one_makes_the_new_answer_the_others_get_the_former_one_at_once():
    site = SmallSite(b"eerst")
    site.get()
    site.number, site.body, site.slow = 2, b"daarna", 0.5
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(site.get)
        time.sleep(0.1)
        begin = time.monotonic()
        others = list(pool.map(lambda _: site.get(), range(4)))
        waited = time.monotonic() - begin
        assert [(one.data, one.headers.get("Warning")) for one in others] == [(b"eerst", None)] * 4
        assert waited < 0.3
        assert first.result().data == b"daarna"
    assert site.get().data == b"daarna"
    assert site.asked == 2


def test_nobody_gets_the_private_answer_that_another_was_waiting_for():
    counter = iter(range(100))
    site = SmallSite(lambda _: f"van {next(counter)}".encode(), storing="no-store", slow=0.05)
    with ThreadPoolExecutor(10) as pool:
        answers = [answer.data for answer in pool.map(lambda _: site.get("/aanmelden"), range(10))]
    assert len(set(answers)) == 10


def test_an_answer_that_fails_leaves_nobody_waiting():
    site = SmallSite(lambda _: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            site.get()
    assert site.layer.making == {}


def test_when_the_site_cannot_answer_the_last_good_answer_goes_out_marked():
    site = SmallSite(b"goed " * 200)
    tag = site.get(Accept_Encoding="gzip").headers["ETag"]
    site.number, site.status, site.body = 2, "503 SERVICE UNAVAILABLE", b"druk"
    answer = site.get(Accept_Encoding="gzip")
    assert (answer.status_code, gzip.decompress(answer.data)) == (200, b"goed " * 200)
    assert answer.headers["Warning"].startswith("110 ")
    unchanged = site.get(Accept_Encoding="gzip", If_None_Match=tag)
    assert (unchanged.status_code, unchanged.headers["Warning"][:3]) == (304, "110")
    assert site.get("/anders").status_code == 503
    site.status, site.body = "200 OK", b"weer goed"
    assert ("Warning" in site.get().headers, site.get().data) == (False, b"weer goed")


def test_what_was_taken_away_does_not_come_back_when_the_site_cannot_answer():
    site = SmallSite()
    site.get()
    site.number, site.status = 2, "404 NOT FOUND"
    site.get()
    site.status = "503 SERVICE UNAVAILABLE"
    assert site.get().status_code == 503


def test_a_version_that_cannot_be_read_marks_kept_answers_and_asks_the_site_no_more():
    site = SmallSite()
    site.get()
    site.is_away = True
    assert site.get().headers["Warning"].startswith("110 ")
    assert site.asked == 1
    site.is_away = False
    assert "Warning" not in site.get().headers


def test_a_database_that_hangs_marks_answers_too(monkeypatch):
    monkeypatch.setattr(public_version, "UNKNOWN_AFTER", 0.1)
    site, hang, answer = SmallSite(every=0.01), threading.Event(), threading.Event()

    def read():
        if hang.is_set():
            answer.wait(10)
        return PublicVersion(1, THE_DAY, date(2027, 9, 1))

    site.version.read = read
    assert "Warning" not in site.get().headers
    hang.set()
    time.sleep(0.4)
    begin = time.monotonic()
    assert site.get().headers["Warning"].startswith("110 ")
    assert time.monotonic() - begin < 0.1
    answer.set()


def test_a_process_follows_the_version_by_itself():
    site = SmallSite(every=0.02)
    site.get()
    site.number, site.body = 2, b"Anders"
    time.sleep(0.3)
    assert site.get().data == b"Anders"


# The whole site


@pytest.fixture
def one(app):
    """The id of a public activity."""
    with transaction():
        return make_activity().id


@pytest.fixture
def other_process(app, databases, tmp_path):
    """A second application on the same database, which does not ask for the version by itself for an hour."""
    other = create_app(settings_for_tests(tmp_path, databases.url, FRESH_SECONDS="3600"))
    other.testing = True
    yield other
    with other.app_context():
        db.engine.dispose()


def withdraw(activity_id):
    with transaction():
        activities.withdraw(db.session.get(Activity, activity_id), by=make_user("moderator"))


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


def take_away(databases):
    """No process reaches the database any more."""
    db.session.remove()
    db.engine.dispose()
    if isinstance(databases, SqliteDatabases):
        for file in databases.live.parent.glob(f"{databases.live.name}*"):
            file.unlink()
        databases.live.mkdir()
    else:
        databases.run(dropped(databases.live))


def bring_back(databases):
    if isinstance(databases, SqliteDatabases):
        databases.live.rmdir()
    databases.reset()


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


# Real processes


class Browser:
    """Asks through a new connection each time, so that all processes of the server get their turn."""

    def __init__(self, address):
        self.host = urlsplit(address).netloc

    def get(self, path, headers=None):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def until_all(self, path, is_so, *, turns=16, headers=None):
        """Seconds until so many answers in a row are as wanted."""
        begin, first = time.monotonic(), None
        in_a_row = 0
        while in_a_row < turns:
            assert time.monotonic() - begin < 20, path
            if is_so(self.get(path, headers)):
                first = first or time.monotonic()
                in_a_row += 1
            else:
                first, in_a_row = None, 0
        return first - begin


def sent(address, head):
    """The status line that a server answers to octets that no browser sends, or "" when it hangs up."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(head)
        try:
            return connection.recv(200).partition(b"\r\n")[0].decode()
        except ConnectionError:
            return ""


@pytest.mark.processes
def test_two_servers_and_a_restart_give_the_same_octets_and_both_follow_a_change(app, one, databases, tmp_path):
    """Two machines with one database; each server has two processes of its own."""
    environment = environment_for(tmp_path, databases.url, "memory://", BASE_URL="https://kom-erbij.example")
    environment["WEEKAPP_SECRET_KEY"] = "another secret that is long enough"
    with running_web(environment) as here:
        with running_web(environment) as there:
            before = all_seen(here)
            assert all_seen(there) == before
            withdraw(one)
            for address in (here, there):
                assert Browser(address).until_all("/activiteiten.json", lambda answer: len(answer[1]) < 5) < 2
        after = all_seen(here)
        with running_web(environment) as again:
            assert all_seen(again) == after
    dates = [(parsedate_to_datetime(before[key][2]), parsedate_to_datetime(after[key][2])) for key in after if after[key][2]]
    assert len(dates) >= 10
    assert all(former <= later for former, later in dates)


def all_seen(address):
    """Octets, ETag and Last-Modified of some addresses in two encodings, once nothing else can bear the same Last-Modified."""
    browser = Browser(address)
    since = {"If-Modified-Since": formatdate(time.time() + 60, usegmt=True)}
    browser.until_all("/activiteiten.ics", lambda answer: answer[0] == 304, headers=since)
    found = {}
    for path in ("/", "/activiteiten", *(f"/activiteiten.{ending}" for ending in FORMATS), "/gemeenten/utrecht.ics"):
        for encoding in ("identity", "br"):
            _, octets, headers = browser.get(path, {"Accept-Encoding": encoding})
            found[path, encoding] = (octets, headers["ETag"], headers["Last-Modified"])
    return found


@pytest.mark.processes
def test_absurd_questions_are_refused_and_the_server_goes_on(app, one, databases, tmp_path):
    with running_web(environment_for(tmp_path, databases.url, "memory://")) as address:
        for length, refusals in ((3_000, {"400"}), (60_000, {"400"}), (10_000_000, {"414", "431"})):
            for path in (b"/activiteiten.ics", b"/activiteiten", b"/api/v1/activiteiten"):
                said = sent(address, b"GET %s?q=%s HTTP/1.1\r\nHost: x\r\n\r\n" % (path, b"a" * length))
                assert not said or said.split()[1] in refusals, (length, path, said)
        assert Browser(address).get("/activiteiten.ics")[0] == 200


@pytest.mark.processes
def test_every_process_shows_a_change_within_two_seconds_and_goes_on_without_a_database(app, one, databases, tmp_path):
    environment = environment_for(tmp_path, databases.url, "memory://")
    with running_web(environment) as address:
        browser = Browser(address)
        browser.until_all("/activiteiten.json", lambda answer: answer[0] == 200 and answer[1] != b"[]\n", turns=40)
        withdraw(one)
        assert browser.until_all("/activiteiten.json", lambda answer: len(answer[1]) < 5) < 2
        if isinstance(databases, SqliteDatabases):
            return  # a file that is open cannot be taken away
        take_away(databases)
        try:
            assert browser.until_all("/activiteiten.json", lambda answer: answer[0] == 200 and "Warning" in answer[2]) < 10
            assert browser.get("/activiteiten?q=nieuw")[0] == 503
        finally:
            bring_back(databases)
        browser.until_all("/activiteiten.json", lambda answer: answer[0] == 200 and "Warning" not in answer[2])


@pytest.mark.processes
def test_tables_that_somebody_locks_for_long_do_not_stop_what_is_kept(app, one, databases, tmp_path):
    if isinstance(databases, SqliteDatabases):
        pytest.skip("on SQLite nobody can lock out readers")
    environment = environment_for(tmp_path, databases.url, "memory://")
    with running_web(environment) as address, psycopg.connect(f"{databases.address}/{databases.live}") as locker:
        browser = Browser(address)
        browser.until_all("/activiteiten.json", lambda answer: answer[0] == 200, turns=40)
        locker.execute("LOCK TABLE edition, activity IN ACCESS EXCLUSIVE MODE")
        assert browser.until_all("/activiteiten.json", lambda answer: answer[0] == 200 and "Warning" in answer[2]) < 12
        locker.rollback()
        browser.until_all("/activiteiten.json", lambda answer: answer[0] == 200 and "Warning" not in answer[2])


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
