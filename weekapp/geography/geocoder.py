"""From an address to a place on the map: one small interface, the embedded postcode table and PDOK Locatieserver behind it."""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

import httpx
import structlog
from cachetools import TTLCache

from weekapp.geography import locatieserver, pins, reference
from weekapp.geography.pins import LonLat
from weekapp.geography.restraint import CircuitBreaker, Pace
from weekapp.geography.rules import Precision, common_town, normalise_postcode

log = structlog.get_logger()

TIMEOUT_S = 3.0
GAP_S = 0.1
REMEMBERED = 10_000
REMEMBERED_S = 24 * 3600.0

# httpx logs each request at INFO with its full address, in which the place is written (C12: never addresses in logs).
for chatty in ("httpx", "httpcore"):
    logging.getLogger(chatty).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Query:
    """An address as typed."""

    postcode: str
    house_number: int
    letter: str = ""
    addition: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of an address (DATA-02). Unknown texts are empty, an unknown municipality or point is None.

    Degrees are WGS84. `street` and `bag_id` are known from PDOK only; `bag_id` is empty when the register knows the
    house number but not this letter or addition.
    """

    postcode: str
    house_number: int
    letter: str
    addition: str
    street: str
    town: str
    municipality_code: str | None
    lon: float | None
    lat: float | None
    precision: Precision
    bag_id: str
    looked_up_at: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """A point in degrees (WGS84) and how exactly it stands for what was asked."""

    lon: float
    lat: float
    precision: Precision


class Geocoder(Protocol):
    """Whoever can find an address."""

    def find(self, query: Query) -> Place | None:
        """The place of an address; None when it surely does not exist, precision UNKNOWN when nobody could tell."""
        ...

    def search(self, text: str, *, near: LonLat | None, municipality_code: str | None) -> LonLat | None:
        """Where a place is that somebody types: a postcode, a town, perhaps a street; None when nobody knows it."""
        ...


def make_geocoder(kind: str, *, now: Callable[[], datetime], client: httpx.Client | None = None) -> Geocoder:
    """The geocoder that setting WEEKAPP_GEOCODER names: 'postcodes' or 'pdok'; ValueError for another name."""
    if kind == "postcodes":
        return PostcodeGeocoder(now=now)
    if kind == "pdok":
        return PdokGeocoder(client or httpx.Client(timeout=TIMEOUT_S), now=now)
    raise ValueError(f"unknown geocoder {kind!r}: choose postcodes or pdok")


def locate(text: str) -> Point | None:
    """Where somebody is who types '3511' or '3511 LX', to search by distance; None when that is not a known postcode.

    Answered from the embedded table on purpose: where a resident searches is told to nobody.
    """
    digits = text.strip()
    if not re.fullmatch(r"[1-9][0-9]{3}", digits):
        digits = (normalise_postcode(text) or "")[:4]
    row = reference.postcode4(digits)
    return Point(row.lon, row.lat, Precision.PC4) if row else None


def cleaned(query: Query) -> Query | None:
    """The same address in its one spelling; None when no address can look like this."""
    postcode = normalise_postcode(query.postcode)
    if postcode is None or not 1 <= query.house_number <= 99_999:
        return None
    return Query(postcode, query.house_number, query.letter.strip().upper(), " ".join(query.addition.split()))


class PostcodeGeocoder:
    """Knows the middle, main town and municipality of the area of each four postcode digits.

    It says that an address does not exist only when it cannot be a Dutch address at all.
    """

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now

    def find(self, query: Query) -> Place | None:
        """See `Geocoder.find`: precision PC4, or UNKNOWN for digits that the table does not have."""
        asked = cleaned(query)
        if asked is None:
            return None
        unknown = Place(
            postcode=asked.postcode,
            house_number=asked.house_number,
            letter=asked.letter,
            addition=asked.addition,
            street="",
            town="",
            municipality_code=None,
            lon=None,
            lat=None,
            precision=Precision.UNKNOWN,
            bag_id="",
            looked_up_at=self._now(),
        )
        row = reference.postcode4(asked.postcode[:4])
        if row is None:
            return unknown
        return replace(unknown, town=row.place, municipality_code=row.municipality_code, lon=row.lon, lat=row.lat, precision=Precision.PC4)

    def search(self, text: str, *, near: LonLat | None, municipality_code: str | None) -> LonLat | None:
        """See `Geocoder.search`: postcodes, towns and municipalities."""
        return pins.named(text, near)


class PdokGeocoder:
    """Asks PDOK Locatieserver, politely (DATA-01), and the postcode table when PDOK cannot be reached."""

    def __init__(
        self, client: httpx.Client, *, now: Callable[[], datetime], breaker: CircuitBreaker | None = None, pace: Pace | None = None
    ) -> None:
        self._client = client
        self._now = now
        self._breaker = breaker or CircuitBreaker(now=now)
        self._pace = pace or Pace(GAP_S)
        self._fallback = PostcodeGeocoder(now=now)
        self._remembered: TTLCache[Query, Place | None] = TTLCache(REMEMBERED, REMEMBERED_S, timer=lambda: now().timestamp())
        self._lock = Lock()

    def find(self, query: Query) -> Place | None:
        """See `Geocoder.find`: precision ADDRESS, or what the postcode table knows while PDOK is out of reach."""
        asked = cleaned(query)
        if asked is None:
            return None
        with self._lock, suppress(KeyError):
            return self._remembered[asked]
        if not self._breaker.may_call():
            return self._fallback.find(asked)
        try:
            place = self._ask(asked)
        except (httpx.HTTPError, ValueError):  # no connection, too late, an error status, or an answer that is none
            attempts = self._breaker.failed()
            log.warning("address service did not answer, postcode table used", attempts=attempts)
            return self._fallback.find(asked)
        self._breaker.succeeded()
        with self._lock:
            self._remembered[asked] = place
        return place

    def search(self, text: str, *, near: LonLat | None, municipality_code: str | None) -> LonLat | None:
        """See `Geocoder.search`: streets and addresses of the municipality too; else what the tables know."""
        known = pins.named(text, near)
        query = locatieserver.any_place(text, municipality_code)
        if not query["q"] or not self._breaker.may_call():
            return known
        try:
            hits = locatieserver.points(self._get(query))
        except (httpx.HTTPError, ValueError):
            log.warning("address service did not answer, tables used", attempts=self._breaker.failed())
            return known
        self._breaker.succeeded()
        return next(iter(hits), known)

    def _get(self, parameters: dict[str, str | int | list[str]]) -> Any:
        """The answer of the service; raises HTTPError and ValueError."""
        self._pace.wait()
        response = self._client.get(locatieserver.URL, params=parameters, timeout=TIMEOUT_S)
        response.raise_for_status()
        return response.json()

    def _ask(self, asked: Query) -> Place | None:
        """The exact address; else the house number, since people use letters and additions that the register does not know."""
        in_full = locatieserver.as_text(asked.postcode, asked.house_number, asked.letter, asked.addition)
        for text in dict.fromkeys((in_full, locatieserver.as_text(asked.postcode, asked.house_number))):
            same = self._same_number(text, asked)
            if exact := next((hit for hit in same if hit.is_named(asked.letter, asked.addition)), None):
                return self._place(exact, asked, letter=exact.letter, addition=exact.addition, bag_id=exact.bag_id)
        return self._place(same[0], asked, letter=asked.letter, addition=asked.addition, bag_id="") if same else None

    def _same_number(self, text: str, asked: Query) -> list[locatieserver.Hit]:
        answer = self._get(locatieserver.parameters(text))
        return locatieserver.same_number(locatieserver.hits(answer), asked.postcode, asked.house_number)

    def _place(self, hit: locatieserver.Hit, asked: Query, *, letter: str, addition: str, bag_id: str) -> Place:
        return Place(
            postcode=asked.postcode,
            house_number=hit.number,
            letter=letter,
            addition=addition,
            street=hit.street,
            town=common_town(hit.town),
            # a code that is newer than our table is left out: an activity can only refer to a municipality that we have
            municipality_code=hit.municipality_code if reference.municipality(hit.municipality_code) else None,
            lon=hit.lon,
            lat=hit.lat,
            precision=Precision.ADDRESS,
            bag_id=bag_id,
            looked_up_at=self._now(),
        )
