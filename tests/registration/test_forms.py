"""Each answer that cannot be used gets its own sentence, stays on the page, and is not kept."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from tests.registration.filling import ACTIVITY, PACKAGE, PLACE, YOU, Person, count, errors, form_token, only, set_the_table
from weekapp.db import db, transaction
from weekapp.forms import FORM_LIFE, ClockTime
from weekapp.geography.geocoder import Place
from weekapp.geography.rules import Precision
from weekapp.registration.models import Registration


@pytest.fixture
def person(client):
    set_the_table()
    return Person(client)


WRONG_ACTIVITY = [
    ({"title": ""}, "Vul een naam in voor je activiteit."),
    ({"title": "x" * 121}, "Maak dit korter. Er passen 120 tekens in, je hebt er 121."),
    ({"title": '=HYPERLINK("x")'}, "Begin met een letter of een cijfer, niet met = + - of @."),
    ({"title": "!!!"}, "Vul een naam met letters in."),
    ({"description": " "}, "Vertel wat jullie gaan doen."),
    ({"theme": ""}, "Kies wat voor activiteit het is."),
    ({"theme": "dansen"}, None),
    ({"audiences": []}, "Kies voor wie de activiteit is."),
    ({"expected_visitors": ""}, "Vul in hoeveel mensen je ongeveer verwacht."),
    ({"expected_visitors": "veel"}, "Vul een getal in. Bijvoorbeeld: 40."),
    ({"expected_visitors": "0"}, "Vul een getal in van 1 tot en met 5000."),
    ({"expected_visitors": "99999999999"}, "Vul een getal in. Bijvoorbeeld: 40."),
    ({"is_free": ""}, "Kies of meedoen gratis is."),
    ({"is_free": "nee"}, "Vul in wat het kost. Bijvoorbeeld: 2 euro voor de soep."),
    ({"website": "http://spam.example"}, "Laat dit veld leeg."),
]
WRONG_PLACE = [
    ({"postcode": ""}, "Vul de postcode in. Bijvoorbeeld: 1234 AB."),
    ({"postcode": "35 LX"}, "Een postcode heeft 4 cijfers en 2 letters. Bijvoorbeeld: 1234 AB."),
    ({"postcode": "0511 LX"}, "Een postcode heeft 4 cijfers en 2 letters. Bijvoorbeeld: 1234 AB."),
    ({"house_number": ""}, "Vul het huisnummer in."),
    ({"house_number": "bis"}, "Een huisnummer begint met een cijfer. Bijvoorbeeld: 12."),
    ({"house_number": "0"}, "Dit huisnummer bestaat niet. Controleer het."),
    ({"house_number": "999999"}, "Dit huisnummer bestaat niet. Controleer het."),
    ({"add_series": "1", "series-rhythm": "elke maan", "series-until": "2027-10-06"}, "Kies hoe vaak het terugkomt."),
    ({"house_number": "12a", "letter": "b"}, "Zet in dit vak alleen het nummer. De letter en de toevoeging hebben een eigen vak."),
    ({"letter": "AB"}, "Een huisletter is 1 letter. Bijvoorbeeld: A."),
    ({"street": ""}, "Vul de straat in. Wij kunnen hem nu niet vinden."),
    ({"street": "Postbus 12"}, "Een postbus kan niet. Vul een adres in waar overdag iemand is."),
    ({"venue": "Postbus 12"}, "Een postbus kan niet. Vul een adres in waar overdag iemand is."),
    ({"street": "@straat"}, "Begin met een letter of een cijfer, niet met = + - of @."),
    ({"postcode": "1234 AB"}, "Vul de plaats in. Wij kennen deze postcode niet."),
    ({"moments-0-day": ""}, "Vul de dag in."),
    ({"moments-0-day": "morgen"}, "Vul een dag in. Bijvoorbeeld: 30-09-2027."),
    ({"moments-0-begins": ""}, "Vul in hoe laat het begint. Bijvoorbeeld: 10:00."),
    ({"moments-0-ends": "laat"}, "Vul een tijd in. Bijvoorbeeld: 10:00."),
    ({"moments-0-day": "2027-10-07"}, "Vul een dag in die in de Week tegen Eenzaamheid valt: van 30 september tot en met 6 oktober."),
    ({"moments-0-ends": "09:00"}, "Het einde komt na het begin. Duurt het tot na middernacht? Vul dan 23:59 in."),
    (
        {"moments-1-day": "2027-09-30", "moments-1-begins": "10:00", "moments-1-ends": "12:00"},
        "Dit moment staat er al. Haal het weg of kies een andere tijd.",
    ),
]
WRONG_YOU = [
    ({"organisation": ""}, "Vul in wie de activiteit organiseert."),
    ({"organisation": "-"}, "Begin met een letter of een cijfer, niet met = + - of @."),
    ({"kind": ""}, "Kies wat voor organisatie het is."),
    ({"name": ""}, "Vul je naam in."),
    ({"email": "noor@"}, "Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl."),
    ({"email": "noor@voorbeeld.nl\r\nBcc: x@y.nl"}, "Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl."),
    ({"phone": "12"}, "Dit is geen telefoonnummer. Vul bijvoorbeeld in: 06 12345678."),
    ({"phone": "bel maar"}, "Dit is geen telefoonnummer. Vul bijvoorbeeld in: 06 12345678."),
    ({"phone": ""}, "Vul je telefoonnummer in. Bijvoorbeeld: 06 12345678."),
]
ELSEWHERE = {"deliver_to": "anders", "postcode": "3511LX", "house_number": "9", "street": "Dam"}
WRONG_PACKAGE = [
    ({"wanted": ""}, "Kies of je het pakket wilt."),
    ({"quantity": ""}, "Vul in hoeveel pakketten je wilt."),
    ({"quantity": "0"}, "Vul een getal in van 1 tot en met 5."),
    ({"quantity": "6"}, "Vul een getal in van 1 tot en met 5."),
    ({"deliver_to": ""}, "Kies waar het pakket naartoe mag."),
    ({"attention": ""}, "Vul in wie het pakket aanneemt."),
    ({"attention": "+Noor"}, "Begin met een letter of een cijfer, niet met = + - of @."),
    (ELSEWHERE | {"postcode": "1"}, "Een postcode heeft 4 cijfers en 2 letters. Bijvoorbeeld: 1234 AB."),
    (ELSEWHERE | {"street": "Antwoordnummer 5"}, "Een postbus kan niet. Vul een adres in waar overdag iemand is."),
]
WRONG = [("activiteit", ACTIVITY, *one) for one in WRONG_ACTIVITY] + [("plaats-en-tijd", PLACE, *one) for one in WRONG_PLACE]
WRONG += [("over-jou", YOU, *one) for one in WRONG_YOU] + [("pakket", PACKAGE, *one) for one in WRONG_PACKAGE]


@pytest.mark.parametrize(("step", "right", "wrong", "sentence"), WRONG)
def test_what_cannot_be_used_gets_a_sentence_and_is_not_kept(person, step, right, wrong, sentence):
    if step != "activiteit":
        person.walk(until=step)
    page = person.send(right | wrong)
    assert page.status_code == 400
    assert "<title>Fout:" in page.text
    assert len(errors(page)) == 1
    if sentence:
        assert errors(page) == [sentence]
        assert page.text.count(sentence) == (1 if "website" in wrong else 2), "in the list and at the field"
    with transaction():
        assert step not in next((one.answers for one in db.session.query(Registration)), {})


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(person):
    person.walk(until="plaats-en-tijd")
    page = person.send(PLACE | {"postcode": "35 lx", "moments-0-day": "2027-12-25"})
    assert len(errors(page)) == 2
    assert re.search(r'name="postcode"[^>]*value="35 lx"', page.text)
    assert re.search(r'name="street"[^>]*value="Voorbeeldstraat"', page.text)
    assert re.search(r'aria-invalid="true"', page.text)


def test_the_parts_of_a_house_number_are_taken_apart(person):
    person.walk(until="plaats-en-tijd")
    person.send(PLACE | {"house_number": "12a bis"})
    address = only(Registration).answers["plaats-en-tijd"]["address"]
    assert (address["house_number"], address["letter"], address["addition"]) == (12, "A", "bis")


def test_dates_and_times_as_people_write_them_are_understood(person):
    person.walk(until="plaats-en-tijd")
    person.send(PLACE | {"moments-0-day": "30-9-2027", "moments-0-begins": "9.30"})
    assert only(Registration).answers["plaats-en-tijd"]["moments"] == [["2027-09-30", "09:30", "12:00"]]


def test_an_address_that_does_not_exist_is_refused(person, app, monkeypatch):
    class NothingThere:
        def find(self, _query):
            return None

    monkeypatch.setitem(app.extensions, "geocoder", NothingThere())
    person.walk(until="plaats-en-tijd")
    assert errors(person.send(PLACE)) == ["We vinden dit adres niet. Controleer de postcode en het huisnummer."]


def test_a_town_of_another_postcode_does_not_stay_behind(person):
    person.walk()
    person.send(PLACE | {"postcode": "9711 AB", "town": "Utrecht"}, person.address_of("plaats-en-tijd"))
    assert only(Registration).answers["plaats-en-tijd"]["address"]["town"] == "Groningen"


def test_a_town_that_was_typed_wins_from_the_postcode_table(person):
    person.walk(until="plaats-en-tijd")
    person.send(PLACE | {"town": "Klein Dorp"})
    assert only(Registration).answers["plaats-en-tijd"]["address"]["town"] == "Klein Dorp"


def test_at_most_sixty_moments_fit(person):
    person.walk(until="plaats-en-tijd")
    rows = {
        f"moments-{n}-{name}": value
        for n in range(70)
        for name, value in (("day", "2027-10-01"), ("begins", f"{9 + n // 60:02}:{n % 60:02}"), ("ends", "12:00"))
    }
    assert person.send(PLACE | rows).status_code == 303
    assert len(only(Registration).answers["plaats-en-tijd"]["moments"]) == 60


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_an_expired_form_is_shown_again_filled_in_and_nothing_is_kept(person, token):
    page = person.client.post(person.path, data=ACTIVITY | {"form_token": token})
    assert page.status_code == 400
    assert errors(page) == ["Je formulier is nog niet verstuurd. Verstuur het nog een keer."]
    assert re.search(r'name="title"[^>]*value="Samen soep eten"', page.text)
    assert count(Registration) == 0
    again = person.client.post(person.path, data=ACTIVITY | {"form_token": form_token(page)})
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("step", "sent", "name"), [("plaats-en-tijd", PLACE, "venue"), ("over-jou", YOU, "organisation"), ("pakket", PACKAGE, "attention")]
)
def test_each_step_comes_back_filled_when_its_form_is_too_old(person, step, sent, name):
    person.walk(until=step)
    page = person.client.post(person.path, data=sent | {"form_token": "nonsense"})
    assert errors(page) == ["Je formulier is nog niet verstuurd. Verstuur het nog een keer."]
    assert page.text.count("<title>Fout:") == 1
    assert re.search(rf'name="{name}"[^>]*value="{sent[name]}"', page.text)
    assert step not in only(Registration).answers


def test_a_form_of_yesterday_is_expired(person, monkeypatch):
    monkeypatch.setattr("weekapp.forms.FORM_LIFE", -1)
    assert FORM_LIFE > 0
    page = person.send(ACTIVITY)
    assert errors(page) == ["Je formulier is nog niet verstuurd. Verstuur het nog een keer."]


class Register:
    """A geocoder that knows one address exactly, as the register of addresses does."""

    def find(self, query):
        return Place(
            postcode=query.postcode,
            house_number=query.house_number,
            letter=query.letter,
            addition=query.addition,
            street="Kerkstraat",
            town="Zwolle",
            municipality_code="GM0193",
            lon=6.09,
            lat=52.51,
            precision=Precision.ADDRESS,
            bag_id="0193200000000001",
            looked_up_at=datetime(2027, 6, 15, tzinfo=UTC),
        )


def test_with_the_register_of_addresses_street_and_town_are_not_asked(person, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "geocoder", Register())
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], geocoder="pdok"))
    person.walk(until="plaats-en-tijd")
    assert 'name="street"' not in person.client.get(person.path).text
    person.send({name: value for name, value in PLACE.items() if name != "street"})
    address = only(Registration).answers["plaats-en-tijd"]["address"]
    assert (address["street"], address["town"], address["bag_id"]) == ("Kerkstraat", "Zwolle", "0193200000000001")


def test_what_the_register_knows_wins_from_what_was_typed(person, app, monkeypatch):
    monkeypatch.setitem(app.extensions, "geocoder", Register())
    person.walk(until="plaats-en-tijd")
    person.send(PLACE | {"street": "Kerkstr", "town": "Swol"})
    address = only(Registration).answers["plaats-en-tijd"]["address"]
    assert (address["street"], address["town"]) == ("Kerkstraat", "Zwolle")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10:00", "10:00"),
        ("9.30", "09:30"),
        ("10 uur", "10:00"),
        ("10.30 uur", "10:30"),
        ("9u30", "09:30"),
        ("7", "07:00"),
        ("10:00:00", "10:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, meant):
    class Clock(Form):
        begins = ClockTime()

    form = Clock(MultiDict({"begins": typed}))
    assert form.validate()
    assert f"{form.begins.data:%H:%M}" == meant


@pytest.mark.parametrize("typed", ["25 uur", "10.75", "half elf", "1000", "10:", "²"])
def test_what_is_no_time_is_asked_again(app, typed):
    class Clock(Form):
        begins = ClockTime()

    with app.test_request_context():
        form = Clock(MultiDict({"begins": typed}))
        assert not form.validate()
    assert form.begins.errors == ["Vul een tijd in. Bijvoorbeeld: 10:00."]
