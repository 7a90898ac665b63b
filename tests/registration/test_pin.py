"""The pin of an activity, without a script: seen with its precision in words, put right, kept, and honest wherever it shows."""

import re

import pytest
from sqlalchemy import select

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_package, make_user, sign_in
from tests.registration.filling import PLACE, Person, errors, form_token, only, set_the_table
from tests.registration.test_changes import ANSWERS, FIRST
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities.models import Activity, ActivityEvent
from weekapp.db import db, transaction
from weekapp.geography.reference import postcode4
from weekapp.geography.rules import Precision
from weekapp.orders.models import Order
from weekapp.registration import upkeep
from weekapp.registration.models import Registration
from weekapp.registration.pin import HEIGHT, WIDTH, Spot, picture, spot_of

HOUSE = {"postcode": "3511 LX", "house_number": "12"}
BY_HAND = {"pin": "5.12174,52.09073", "pin_for": "3511 LX 12"}
MARTINI = {"pin": "6.56827,53.21917", "pin_for": "3511 LX 12"}  # in Groningen


@pytest.fixture
def person(client):
    set_the_table()
    return Person(client).walk(until="plaats-en-tijd")


def press(person, button, value="1", **typed):
    """The page after one of the buttons of the pin."""
    token = form_token(person.client.get(person.path))
    return person.client.post(person.path, data={"form_token": token, button: value} | HOUSE | typed)


def pin_on(page):
    """What the hidden fields hold."""
    return {name: re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.text)[1] for name in ("pin", "pin_for")}


def words_on(page):
    return re.search(r'id="pin-woorden"[^>]*>([^<]*)<', page.text)[1]


def test_before_the_address_is_known_the_form_says_what_to_do(person):
    page = person.client.get(person.path).text
    assert "Vul eerst de postcode en het huisnummer in." in page
    assert 'name="show_pin"' in page


def test_the_pin_is_shown_with_how_sure_it_is_and_everything_else_stays(person):
    page = press(person, "show_pin", venue="Buurthuis De Linde")
    assert page.status_code == 200
    assert words_on(page) == "We weten de wijk of het dorp, niet de straat."
    assert "<svg" in page.text
    assert 'value="Buurthuis De Linde"' in page.text
    assert 'value="Utrecht"' in page.text  # the town was looked up
    assert not errors(page)


def test_an_address_that_cannot_be_is_said_at_its_field(person):
    page = press(person, "show_pin", house_number="bis")
    assert errors(page) == ["Een huisnummer begint met een cijfer. Bijvoorbeeld: 12."]
    assert page.status_code == 400


def test_a_step_moves_the_pin_as_far_as_was_chosen(person):
    row = postcode4("3511")
    page = press(person, "move_pin", "noord", pin_step="500")
    lon, lat = map(float, pin_on(page)["pin"].split(","))
    assert (lon, lat) == (pytest.approx(row.lon, abs=1e-4), pytest.approx(row.lat + 500 / 111_320, abs=1e-4))
    assert re.fullmatch(r"Je hebt de pin zelf gezet. Hij staat (499|500|501) meter van de plek die wij vonden.", words_on(page))


@pytest.mark.parametrize(("typed", "digits"), [("3512", "3512"), ("3512 AB", "3512")])
def test_the_pin_goes_to_a_place_that_is_typed(person, typed, digits):
    row = postcode4(digits)
    page = press(person, "find_pin", pin_words=typed)
    assert pin_on(page) == {"pin": f"{row.lon:.5f},{row.lat:.5f}", "pin_for": "3511 LX 12"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Nergenshuizen", "We vinden deze plek niet. Typ een postcode of de naam van een plaats."),
        ("", "We vinden deze plek niet. Typ een postcode of de naam van een plaats."),
        ("Groningen", "Deze plek ligt niet in de gemeente Utrecht. Kies een plek dichter bij het adres."),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_a_sentence_and_the_pin_stays(person, typed, sentence):
    page = press(person, "find_pin", pin_words=typed, **BY_HAND)
    assert errors(page) == [sentence]
    assert pin_on(page)["pin"] == BY_HAND["pin"]


def test_a_name_that_was_typed_and_not_looked_up_is_looked_up_before_anything_is_kept(person):
    page = person.client.post(person.path, data={"form_token": form_token(person.client.get(person.path))} | PLACE | {"pin_words": "3512"})
    assert page.status_code == 200
    assert pin_on(page)["pin"]
    assert "plaats-en-tijd" not in only(Registration).answers


def test_the_pin_goes_back_to_the_address(person):
    page = press(person, "reset_pin", **BY_HAND)
    assert pin_on(page)["pin"] == ""
    assert words_on(page) == "We weten de wijk of het dorp, niet de straat."


def test_a_pin_is_kept_in_the_draft_and_shown_again(person):
    person.send(PLACE | BY_HAND)
    answers = only(Registration).answers["plaats-en-tijd"]
    assert answers["pin"] == [5.12174, 52.09073]
    assert answers["address"]["precision"] == "pc4"  # what is known of the address is another thing
    page = person.client.get(person.address_of("plaats-en-tijd"))
    assert pin_on(page) == BY_HAND
    assert words_on(page).startswith("Je hebt de pin zelf gezet.")


def test_the_pin_stays_on_the_page_while_something_else_is_wrong(person):
    page = person.client.post(
        person.path, data={"form_token": form_token(person.client.get(person.path))} | PLACE | BY_HAND | {"street": ""}
    )
    assert errors(page) == ["Vul de straat in. Wij kunnen hem nu niet vinden."]
    assert words_on(page).startswith("Je hebt de pin zelf gezet.")


def test_a_pin_does_not_stay_behind_at_another_address(person):
    person.send(PLACE | BY_HAND | {"house_number": "14"})
    assert only(Registration).answers["plaats-en-tijd"]["pin"] is None


@pytest.mark.parametrize("pin", [MARTINI, {"pin": "13.40000,52.50000", "pin_for": "3511 LX 12"}])
def test_a_pin_far_away_is_not_kept(person, pin):
    page = person.client.post(person.path, data={"form_token": form_token(person.client.get(person.path))} | PLACE | pin)
    assert len(errors(page)) == 1
    assert "plaats-en-tijd" not in only(Registration).answers


@pytest.mark.parametrize("pin", ["nan,nan", "5.1", "5.12174,52.09073,1", "<script>", "1e1,5e1", "x" * 9999])
def test_what_is_no_pin_is_no_pin(person, pin):
    person.send(PLACE | {"pin": pin, "pin_for": "3511 LX 12"})
    assert only(Registration).answers["plaats-en-tijd"]["pin"] is None


def test_a_pin_becomes_public_as_placed_by_hand_and_the_parcel_is_not_thought_checked(client):
    set_the_table()
    Person(client).confirm(plaats_en_tijd=BY_HAND)
    activity = only(Activity)
    assert (activity.lon, activity.lat, activity.precision) == (5.12174, 52.09073, Precision.BY_HAND)
    assert activity.municipality_code == "GM0344"
    assert only(Order).precision is Precision.PC4


def test_the_page_with_all_answers_shows_the_pin(client):
    set_the_table()
    person = Person(client).walk(plaats_en_tijd=BY_HAND)
    page = client.get(person.path).text
    assert "Je hebt de pin zelf gezet." in page
    assert "De plek op de kaart is met de hand aangewezen." in page  # as residents will read it


def test_of_a_home_no_pin_is_kept(client):
    set_the_table()
    Person(client).confirm(plaats_en_tijd=BY_HAND | {"is_home": "y"})
    assert only(Activity).precision is Precision.PC4


# ---- an activity that exists ----


@pytest.fixture
def me(client):
    with transaction():
        make_package(edition=make_edition())
        user = make_user("initiator", name="Noor Voorbeeld")
    sign_in(client, user)
    return user.id


@pytest.fixture
def activity_id(me):
    with transaction():
        activity = make_activity(initiator=db.session.get(User, me), starts=FIRST)
        activity.lon, activity.lat, activity.precision = 5.1201, 52.0901, Precision.PC4
        return activity.id


def change(client, activity_id, **typed):
    """Send the form of the change with what stands in it and something else."""
    path = f"/mijn/activiteiten/{activity_id}/wijzigen"
    page = client.get(path)
    with transaction():
        (one,) = db.session.get(Activity, activity_id).occurrences
        day, number = clock.local(one.starts_at), one.id
    moment = {"moments-0-occurrence_id": str(number), "moments-0-day": day.date().isoformat(), "shown": str(number)}
    moment |= {"moments-0-begins": "10:00", "moments-0-ends": "12:00"}
    return client.post(path, data={"csrf_token": hidden_fields(page.text)["csrf_token"]} | ANSWERS | moment | typed)


def events(activity_id):
    with transaction():
        rows = db.session.scalars(select(ActivityEvent).where(ActivityEvent.activity_id == activity_id)).all()
        return [(row.what.value, row.after, row.needs_look) for row in rows]


def test_moving_the_pin_of_a_public_activity_shows_at_once_and_a_moderator_looks(client, activity_id):
    assert change(client, activity_id, **BY_HAND).status_code == 303
    with transaction():
        activity = db.session.get(Activity, activity_id)
        assert (activity.lon, activity.precision) == (5.12174, Precision.BY_HAND)
        assert [one.sequence for one in activity.occurrences] == [1]
    (what, after, needs_look) = events(activity_id)[-1]
    assert (what, needs_look) == ("place_moved", True)
    assert re.fullmatch(r"Alleen de pin op de kaart, \d+ meter\.", after)


def test_a_pin_that_stays_where_it_is_is_no_change(client, activity_id):
    change(client, activity_id, **BY_HAND)
    seen = events(activity_id)
    assert pin_on(client.get(f"/mijn/activiteiten/{activity_id}/wijzigen")) == BY_HAND
    change(client, activity_id, **BY_HAND)
    assert events(activity_id) == seen


def test_a_pin_that_is_put_back_stands_at_the_address_again(client, activity_id):
    change(client, activity_id, **BY_HAND)
    change(client, activity_id, pin="", pin_for="3511 LX 12")
    with transaction():
        activity = db.session.get(Activity, activity_id)
        assert activity.precision is Precision.PC4


def test_a_pin_by_hand_is_not_taken_for_the_place_of_its_address_later(client, activity_id):
    """Where the address itself lies is not kept beside it: the page must not say that we know, nor put the pin back there."""
    change(client, activity_id, **BY_HAND)
    with transaction():
        activity = db.session.get(Activity, activity_id)
        spot = spot_of(upkeep.address_of(activity), upkeep.pin_of(activity))
        assert (spot.point, spot.address) == (upkeep.pin_of(activity), None)


def test_taking_part_again_keeps_the_pin(client, me):
    with transaction():
        old = make_activity(edition=make_edition(year=2026), initiator=db.session.get(User, me), starts=FIRST.replace(year=2026, day=24))
        old.lon, old.lat, old.precision = 5.12174, 52.09073, Precision.BY_HAND
        old_id = old.id
    token = hidden_fields(client.get(f"/mijn/activiteiten/{old_id}").text)["csrf_token"]
    answer = client.post(f"/mijn/activiteiten/{old_id}/opnieuw", data={"csrf_token": token})
    assert pin_on(client.get(answer.location))["pin"] == BY_HAND["pin"]


def test_a_package_that_is_ordered_later_is_not_thought_checked_either(client, activity_id):
    change(client, activity_id, **BY_HAND)
    path = f"/bestellen/{activity_id}"
    token = hidden_fields(client.get(path).text)["csrf_token"]
    sent = {"csrf_token": token, "wanted": "ja", "quantity": "1", "deliver_to": "activiteit", "attention": "Noor Voorbeeld"}
    assert client.post(path, data=sent).status_code == 303
    assert only(Order).precision is Precision.PC4


def test_the_map_of_residents_says_that_it_was_placed_by_hand(client, activity_id):
    change(client, activity_id, **BY_HAND)
    (feature,) = client.get("/activiteiten.geojson").json["features"]
    assert feature["geometry"]["coordinates"] == [5.12174, 52.09073]
    assert feature["properties"]["precisie"] == "by_hand"


# ---- the picture ----

TILES = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png"


def test_with_tiles_the_picture_is_covered_by_them_and_the_pin_stands_in_it():
    drawn = picture(Spot((5.12174, 52.09073), Precision.ADDRESS, (5.12174, 52.09073)), TILES)
    assert (drawn.x, drawn.y) == (WIDTH / 2, HEIGHT / 2)
    assert min(tile.x for tile in drawn.tiles) <= 0
    assert max(tile.x for tile in drawn.tiles) + 256 >= WIDTH
    assert max(tile.y for tile in drawn.tiles) + 256 >= HEIGHT
    (under,) = [one for one in drawn.tiles if one.x <= drawn.x < one.x + 256 and one.y <= drawn.y < one.y + 256]
    assert under.address.endswith("/16/33700/21620.png")  # reckoned by the usual formula for tiles
    assert not drawn.names


def test_a_pin_that_was_moved_is_seen_to_move_and_one_far_off_is_still_seen():
    near = picture(Spot((5.1230, 52.0915), Precision.BY_HAND, (5.12174, 52.09073)), "")
    assert near.x > WIDTH / 2
    assert near.y < HEIGHT / 2
    far = picture(Spot((5.3, 52.2), Precision.BY_HAND, (5.12174, 52.09073)), "")
    assert (far.x, far.y) == (WIDTH / 2, HEIGHT / 2)


def test_a_place_that_nobody_knows_has_no_picture():
    assert picture(Spot(None, Precision.UNKNOWN, None), "") is None
