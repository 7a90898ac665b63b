import gzip
from datetime import UTC, date, datetime, timedelta

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from weekapp import kept
from weekapp.kept import ENCODERS, Kept, chosen_encoding, is_for_everybody, kept_answer, names_it, timestamp
from weekapp.public_version import PublicVersion

CHANGED = datetime(2027, 9, 1, 12, 0, 5, 200_000, tzinfo=UTC)
CALENDAR = "text/calendar; charset=utf-8"
PUBLIC = "public, max-age=60"
DECODERS = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress, "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body)}


def version(changed: datetime = CHANGED) -> PublicVersion:
    return PublicVersion(1, changed, date(2027, 9, 1))


def answer(body: bytes = b"Kom erbij! " * 100, *, modified: str = "", kind: str = CALENDAR, every: float = 1.0, **more: str) -> Kept:
    """A kept answer; its Last-Modified only when `modified` is given."""
    headers = [("Content-Type", kind), ("Cache-Control", more.pop("storing", PUBLIC)), *more.items()]
    return kept_answer(version(), [*headers, ("Last-Modified", modified)] if modified else headers, body, every)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("GZIP ; Q=0.8", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=0.000", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("*, br;q=0", "zstd"),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip", "gzip"),
        ("deflate, compress", ""),
        ("gzip;q=much", ""),
        ("gzip;q=nan", ""),
        ("gzip;q=-1", ""),
        (" , ,;q=", ""),
    ],
)
def test_the_encoding_that_the_client_likes_best_is_chosen(accepted, encoding):
    assert chosen_encoding(accepted) == encoding


@given(st.text("brgzipstd*;q=01. ,", max_size=40))
def test_an_encoding_is_never_sent_to_who_does_not_name_it(accepted):
    chosen = chosen_encoding(accepted)
    assert chosen in {"", *ENCODERS}
    assert not chosen or chosen in accepted or "*" in accepted


@pytest.mark.parametrize("encoding", ["", "br", "gzip", "zstd"])
@pytest.mark.parametrize("large", [10, 10_000_000])
def test_each_encoding_holds_the_same_octets_and_says_how_many(encoding, large, monkeypatch):
    monkeypatch.setattr(kept, "LARGE", large)  # what is larger is kept compressed only
    body = bytes(range(256)) * 20
    ready = answer(body).ready(encoding)
    headers = dict(ready.headers)
    assert DECODERS[encoding](ready.chunks[0]) == body
    assert headers.get("Content-Encoding", "") == encoding
    assert headers["Content-Length"] == str(len(ready.chunks[0]))
    assert headers["Vary"] == "Accept-Encoding"


def test_each_encoding_has_an_etag_of_its_own():
    kept_one = answer()
    assert len({kept_one.ready(encoding).tag for encoding in ("", *ENCODERS)}) == 4


def test_the_same_octets_have_the_same_etag_and_others_another():
    assert answer(b"a" * 600).ready("gzip").tag == answer(b"a" * 600).ready("gzip").tag
    assert answer(b"a" * 600).ready("gzip").tag != answer(b"b" * 600).ready("gzip").tag


def test_compressing_happens_once():
    kept_one = answer()
    assert kept_one.ready("br").chunks[0] is kept_one.ready("br").chunks[0]


def test_a_large_answer_takes_the_room_of_its_compressed_form(monkeypatch):
    monkeypatch.setattr(kept, "LARGE", 1_000_000)
    large = answer(b"Kom erbij! " * 1_000_000)
    for encoding in ("", "zstd", ""):
        large.for_request(encoding)
    assert large.size < 100_000


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "application/octet-stream"])
def test_what_does_not_compress_is_sent_as_it_is_and_does_not_vary(kind):
    ready = answer(b"x" * 5000, kind=kind).for_request("gzip")
    assert ready.chunks == [b"x" * 5000]
    assert "Vary" not in dict(ready.headers)


@pytest.mark.parametrize(
    "kind", ["text/html", "application/json", "application/geo+json", "application/xml", "application/atom+xml", "image/svg+xml"]
)
def test_text_is_compressed(kind):
    assert dict(answer(kind=kind).for_request("gzip").headers)["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("given_tags", "matches"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"x", "a"', True),
        ('"x",W/"a" , "y"', True),
        ("*", True),
        ('"b"', False),
        ('"aa", "b"', False),
        ("a", False),
        ("", False),
    ],
)
def test_if_none_match_is_a_list_compared_weakly(given_tags, matches):
    assert names_it(given_tags, '"a"') is matches


@given(st.text(max_size=60))
def test_no_if_none_match_makes_an_error(given_tags):
    assert names_it(given_tags, '"a"') in {True, False}


@pytest.mark.parametrize("date_text", ["", "gisteren", "Wed, 99 Sep 2027 12:00:00 GMT", "0"])
def test_a_broken_date_holds_nothing_back(date_text):
    assert timestamp(date_text) == 0
    assert not answer(modified="Wed, 01 Sep 2027 12:00:05 GMT").is_unchanged({"HTTP_IF_MODIFIED_SINCE": date_text}, '"a"')


@pytest.mark.parametrize(
    ("more", "everybody"),
    [
        ([("Cache-Control", "public, max-age=60")], True),
        ([("Cache-Control", "max-age=60, public"), ("Vary", "Accept-Encoding")], True),
        ([("Cache-Control", "public"), ("Set-Cookie", "weekapp=1")], False),
        ([("Cache-Control", "public"), ("Vary", "Cookie")], False),
        ([("Cache-Control", "public"), ("Vary", "Accept-Encoding, Accept-Language")], False),
        ([("Cache-Control", "public, no-store")], False),
        ([("Cache-Control", "private, max-age=60")], False),
        ([("Cache-Control", "no-store")], False),
        ([], False),
    ],
)
def test_only_what_is_the_same_for_everyone_is_kept(more, everybody):
    assert is_for_everybody("200 OK", more) is everybody


@pytest.mark.parametrize("status", ["404 NOT FOUND", "301 MOVED PERMANENTLY", "500 INTERNAL SERVER ERROR", "206 PARTIAL CONTENT"])
def test_only_a_whole_answer_is_kept(status):
    assert not is_for_everybody(status, [("Cache-Control", PUBLIC)])


def test_last_modified_is_never_newer_than_what_was_known_before_the_content_was_read(at):
    at(CHANGED + timedelta(minutes=1))
    ready = answer(modified="Wed, 01 Sep 2027 12:00:30 GMT").ready("")
    assert dict(ready.headers)["Last-Modified"] == "Wed, 01 Sep 2027 12:00:05 GMT"


def test_two_changes_in_one_second_never_bear_the_same_last_modified(at):
    at(CHANGED + timedelta(milliseconds=300))
    first = answer(modified="Wed, 01 Sep 2027 12:00:05 GMT")
    early = dict(first.for_request("").headers)["Last-Modified"]
    at(CHANGED + timedelta(seconds=10))
    second = answer(modified="Wed, 01 Sep 2027 12:00:05 GMT")
    assert not second.is_unchanged({"HTTP_IF_MODIFIED_SINCE": early}, '"a"')


def test_a_young_answer_gets_its_real_last_modified_when_nothing_else_can_bear_it(at):
    at(CHANGED + timedelta(milliseconds=300))
    young = answer(modified="Wed, 01 Sep 2027 12:00:05 GMT")
    body = young.for_request("br").chunks[0]
    at(CHANGED + timedelta(seconds=3))
    settled = young.for_request("br")
    assert dict(settled.headers)["Last-Modified"] == dict(settled.headers_304)["Last-Modified"] == "Wed, 01 Sep 2027 12:00:05 GMT"
    assert settled.chunks[0] is body
    assert young.is_unchanged({"HTTP_IF_MODIFIED_SINCE": "Wed, 01 Sep 2027 12:00:05 GMT"}, '"a"')


def test_a_304_has_what_a_store_needs_and_nothing_of_the_body():
    ready = answer(**{"Content-Disposition": "inline", "Access-Control-Allow-Origin": "*", "X-Request-Id": "1"}).ready("gzip")
    assert [name for name, _ in ready.headers_304] == ["Cache-Control", "Access-Control-Allow-Origin", "ETag", "Vary"]
    assert "X-Request-Id" not in dict(ready.headers)
