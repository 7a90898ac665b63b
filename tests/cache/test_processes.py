"""Stored public answers of real server processes."""

import contextlib
import http.client
import socket
import time
from email.utils import formatdate, parsedate_to_datetime
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.cache.away import bring_back, take_away, withdraw
from tests.databases import SqliteDatabases
from tests.processes import environment_for, running_web

FORMATS = ("ics", "geojson", "json", "csv", "atom")


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
