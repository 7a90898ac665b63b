"""Stored public answers: the layer around a small site of each test."""

import gzip
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import psutil
import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from weekapp import public_version
from weekapp.cache import SEEN, HotLayer
from weekapp.public_version import PublicVersion, Version

THE_DAY = datetime(2027, 9, 1, 12, tzinfo=UTC)
PUBLIC = "public, max-age=60"


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
