"""Addresses become places: from PDOK when it answers, from the postcode table when it does not.

PDOK is replaced at the edge: `answers/one_address.json` is an answer of Locatieserver as published by others, the rest has its shape.
"""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from weekapp.geography.geocoder import Geocoder, PdokGeocoder, Place, PostcodeGeocoder, Query, locate, make_geocoder
from weekapp.geography.restraint import CircuitBreaker, Pace
from weekapp.geography.rules import Precision

ANSWERS = Path(__file__).parent / "answers"
NOON = datetime(2026, 9, 24, 12, tzinfo=UTC)


class Pdok:
    """Stands for PDOK: answers each request with the next answer (the last one for ever) and keeps the requests."""

    def __init__(self, *answers: str | int | type[Exception]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.moment = NOON
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        breaker = CircuitBreaker(now=self.now, failures=3, pause=timedelta(seconds=60))
        self.geocoder = PdokGeocoder(client, now=self.now, breaker=breaker, pace=Pace(0))

    def now(self) -> datetime:
        return self.moment

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, str):
            return httpx.Response(200, content=(ANSWERS / answer).read_bytes(), headers={"Content-Type": "application/json"})
        if isinstance(answer, int):
            return httpx.Response(answer)
        raise answer("out of reach")

    @property
    def asked(self) -> list[str]:
        return [request.url.params["q"] for request in self.requests]


def known(place: Place | None) -> Place:
    assert place is not None
    return place


def test_an_address_is_found_with_street_municipality_and_register_number():
    place = Pdok("one_address.json").geocoder.find(Query("3526kp", 93))
    assert place == Place(
        postcode="3526 KP",
        house_number=93,
        letter="",
        addition="",
        street="Europalaan",
        town="Utrecht",
        municipality_code="GM0344",
        lon=5.10696041,
        lat=52.06415055,
        precision=Precision.ADDRESS,
        bag_id="0344200000128086",
        looked_up_at=NOON,
    )


def test_only_parameters_that_the_service_knows_are_sent():
    pdok = Pdok("one_address.json")
    pdok.geocoder.find(Query("3526 KP", 93))
    (request,) = pdok.requests
    assert str(request.url).startswith("https://api.pdok.nl/bzk/locatieserver/search/v3_1/free?")
    assert set(request.url.params) == {"q", "fq", "rows", "fl"}
    assert request.url.params["q"] == "3526KP 93"
    assert request.url.params["fq"] == "type:adres"


@pytest.mark.parametrize(
    ("typed", "bag_id", "parts"),
    [
        (Query("2511CV", 12), "0518200000000121", ("", "")),
        (Query("2511CV", 12, "a"), "0518200000000122", ("A", "")),
        (Query("2511CV", 12, "A", "2"), "0518200000000123", ("A", "2")),
        (Query("2511CV", 12, "", "A-2"), "0518200000000123", ("A", "2")),
        (Query("2511CV", 12, "", "a"), "0518200000000122", ("A", "")),
    ],
)
def test_the_house_is_told_from_its_neighbours_however_letter_and_addition_are_typed(typed, bag_id, parts):
    place = known(Pdok("house_with_additions.json").geocoder.find(typed))
    assert place.bag_id == bag_id
    assert (place.letter, place.addition) == parts


def test_an_addition_that_the_register_does_not_know_is_kept_at_its_house_number():
    pdok = Pdok("no_address.json", "house_with_additions.json")
    place = known(pdok.geocoder.find(Query("2511CV", 12, "", "achter")))
    assert pdok.asked == ["2511CV 12-achter", "2511CV 12"]
    assert (place.precision, place.addition, place.bag_id) == (Precision.ADDRESS, "achter", "")
    assert (place.lon, place.lat) == (4.31601, 52.0771)


def test_signs_in_an_addition_are_not_taken_for_a_search():
    pdok = Pdok("no_address.json")
    pdok.geocoder.find(Query("2511CV", 12, "a", '"(OR) 2* /bis'))
    assert pdok.asked == ["2511CV 12A-or-2-bis", "2511CV 12"]


def test_a_house_number_that_looks_like_it_is_not_taken_for_it():
    assert Pdok("house_with_additions.json").geocoder.find(Query("2511CV", 1)) is None


def test_an_address_that_the_register_does_not_have_does_not_exist():
    assert Pdok("no_address.json").geocoder.find(Query("3526KP", 9999)) is None


def test_the_hague_is_called_den_haag():
    assert known(Pdok("house_with_additions.json").geocoder.find(Query("2511CV", 12))).town == "Den Haag"


def test_a_municipality_that_is_newer_than_our_table_is_left_out():
    text = (ANSWERS / "one_address.json").read_text().replace("0344", "1999")
    client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=json.loads(text))))
    place = known(PdokGeocoder(client, now=lambda: NOON, pace=Pace(0)).find(Query("3526KP", 93)))
    assert place.municipality_code is None
    assert place.precision is Precision.ADDRESS


def test_the_same_address_is_asked_once_a_day():
    pdok = Pdok("one_address.json")
    pdok.geocoder.find(Query("3526kp", 93))
    pdok.moment += timedelta(hours=23)
    pdok.geocoder.find(Query("NL-3526 KP", 93))
    assert len(pdok.requests) == 1
    pdok.moment += timedelta(hours=2)
    pdok.geocoder.find(Query("3526KP", 93))
    assert len(pdok.requests) == 2


def test_an_address_that_does_not_exist_is_remembered_too():
    pdok = Pdok("no_address.json")
    assert pdok.geocoder.find(Query("3526KP", 1)) is pdok.geocoder.find(Query("3526KP", 1)) is None
    assert len(pdok.requests) == 1


@pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ReadTimeout, 500, 429, 302, "refused.json"])
def test_without_an_answer_the_postcode_table_tells_what_it_knows(trouble):
    place = known(Pdok(trouble).geocoder.find(Query("3526KP", 93)))
    assert place.precision is Precision.PC4
    assert (place.street, place.town, place.municipality_code) == ("", "Utrecht", "GM0344")


def test_an_answer_that_is_no_json_counts_as_none():
    client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, text="<html>onderhoud</html>")))
    place = known(PdokGeocoder(client, now=lambda: NOON, pace=Pace(0)).find(Query("3526KP", 93)))
    assert place.precision is Precision.PC4


def test_what_the_table_said_in_between_is_not_remembered():
    pdok = Pdok(503, "one_address.json")
    assert known(pdok.geocoder.find(Query("3526KP", 93))).precision is Precision.PC4
    assert known(pdok.geocoder.find(Query("3526KP", 93))).precision is Precision.ADDRESS


def test_after_three_failures_pdok_is_left_alone_for_a_minute():
    pdok = Pdok(503, 503, 503, "one_address.json")
    places = [known(pdok.geocoder.find(Query("3526KP", 93))) for _ in range(10)]
    assert {place.precision for place in places} == {Precision.PC4}
    assert len(pdok.requests) == 3
    pdok.moment += timedelta(seconds=60)
    assert known(pdok.geocoder.find(Query("3526KP", 93))).precision is Precision.ADDRESS


def test_an_answer_between_failures_keeps_pdok_in_use():
    pdok = Pdok(503, 503, "one_address.json", 503, 503, "one_address.json")
    for number in range(90, 96):
        pdok.geocoder.find(Query("3526KP", number))
    assert len(pdok.requests) == 6


def test_the_time_limit_is_three_seconds_whatever_the_client_says():
    pdok = Pdok("one_address.json")
    pdok.geocoder.find(Query("3526KP", 93))
    assert set(pdok.requests[0].extensions["timeout"].values()) == {3.0}


def test_no_log_names_an_address(caplog):
    pdok = Pdok("one_address.json", httpx.ConnectError)
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        pdok.geocoder.find(Query("3526KP", 93))
        pdok.geocoder.find(Query("2511CV", 12))
    assert caplog.text == ""
    assert logs == [{"event": "address service did not answer, postcode table used", "attempts": 1, "log_level": "warning"}]


def both() -> list[Callable[[], Geocoder]]:
    return [lambda: PostcodeGeocoder(now=lambda: NOON), lambda: Pdok("one_address.json").geocoder]


@pytest.mark.parametrize("geocoder", both())
@pytest.mark.parametrize("query", [Query("0999 AB", 1), Query("1234 SS", 1), Query("", 1), Query("3526KP", 0), Query("3526KP", 100_000)])
def test_what_cannot_be_an_address_does_not_exist(geocoder, query):
    assert geocoder().find(query) is None


def test_the_table_gives_the_area_of_a_postcode_without_a_street():
    place = known(PostcodeGeocoder(now=lambda: NOON).find(Query("9166 pr", 16, "a")))
    assert (place.postcode, place.letter, place.street, place.town) == ("9166 PR", "A", "", "Schiermonnikoog")
    assert (place.municipality_code, place.precision, place.looked_up_at) == ("GM0088", Precision.PC4, NOON)


@pytest.mark.parametrize("postcode", ["1234 AB", "5217 AB", "1001 AB"])
def test_a_postcode_that_the_table_does_not_know_is_unknown_and_not_on_a_town_centre(postcode):
    place = known(PostcodeGeocoder(now=lambda: NOON).find(Query(postcode, 1)))
    assert place.precision is Precision.UNKNOWN
    assert (place.town, place.municipality_code, place.lon, place.lat) == ("", None, None, None)


@pytest.mark.parametrize("typed", ["3511", " 3511 ", "3511 LX", "3511lx", "NL-3511LX"])
def test_a_resident_can_type_four_digits_or_a_whole_postcode(typed):
    point = locate(typed)
    assert point is not None
    assert (round(point.lon, 1), round(point.lat, 1), point.precision) == (5.1, 52.1, Precision.PC4)


@pytest.mark.parametrize("typed", ["", "Utrecht", "351", "35111", "0511", "1234", "1234 AB", "9999999"])
def test_what_is_no_known_postcode_has_no_point(typed):
    assert locate(typed) is None


def test_the_setting_names_the_geocoder():
    assert isinstance(make_geocoder("postcodes", now=lambda: NOON), PostcodeGeocoder)
    assert isinstance(make_geocoder("pdok", now=lambda: NOON), PdokGeocoder)
    with pytest.raises(ValueError, match="choose postcodes or pdok"):
        make_geocoder("google", now=lambda: NOON)
