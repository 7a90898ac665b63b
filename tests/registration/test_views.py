"""What an initiator sees and does after signing in."""

import re
from datetime import UTC, date, datetime

import pytest

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_order, make_organisation, make_package, make_user, sign_in
from tests.registration.filling import ACTIVITY, PLACE, count, errors
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.moderation.models import Review, Verdict
from weekapp.orders.models import Order
from weekapp.orders.rules import State as OrderState
from weekapp.organisations.models import Membership
from weekapp.packages.models import Package
from weekapp.packages.service import correct

ORDER = {"quantity": "2", "deliver_to": "activiteit", "attention": "Noor Voorbeeld"}


@pytest.fixture
def me(client):
    with transaction():
        make_package(edition=make_edition())
        user = make_user("initiator", name="Noor Voorbeeld")
    sign_in(client, user)
    return user.id


def mine(user_id, title="Samen soep eten", **more):
    """A stored activity of this person; its id."""
    with transaction():
        activity = make_activity(title, initiator=db.session.get(User, user_id), **more)
        return activity.id


def post(client, path, _action=None, **values):
    fields = hidden_fields(client.get(path).text, _action)
    return client.post(_action or path, data=fields | values)


def read(table, row_id):
    with transaction():
        found = db.session.get(table, row_id)
        db.session.expunge(found)
        return found


PATHS = ["", "/activiteiten/1", "/activiteiten/1/aanpassen", "/activiteiten/1/gaat-niet-door"]


@pytest.mark.parametrize("path", [f"/mijn{path}" for path in PATHS] + ["/bestellen", "/bestellen/1"])
def test_who_is_not_signed_in_is_asked_to(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/inloggen")


def test_an_empty_page_says_what_to_do(client, me):
    page = client.get("/mijn").text
    assert "Je hebt nog geen activiteit aangemeld." in page
    assert 'href="/meedoen"' in page


def test_own_activities_show_their_state_moments_and_orders(client, me):
    activity_id = mine(me)
    with transaction():
        order = make_order(activity=db.session.get(Activity, activity_id), state="approved", quantity=2)
    page = client.get("/mijn").text
    for words in (
        "Samen soep eten",
        "Je activiteit staat op de website.",
        "donderdag 30 september",
        order.number,
        "2 pakketten",
        "Je bestelling is goed.",
    ):
        assert words in page


def test_colleagues_of_one_organisation_share_their_activities(client, me):
    with transaction():
        organisation = make_organisation(member=make_user())
        activity = make_activity("Van een collega", organisation=organisation)
        db.session.add(Membership(user_id=me, organisation_id=organisation.id, since=organisation.created_at))
    assert "Van een collega" in client.get("/mijn").text
    assert client.get(f"/mijn/activiteiten/{activity.id}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/mijn/activiteiten/{id}", "/mijn/activiteiten/{id}/aanpassen", "/mijn/activiteiten/{id}/gaat-niet-door", "/bestellen/{id}"]
)
def test_somebody_elses_activity_is_not_found(client, me, path):
    with transaction():
        activity = make_activity("Niet van mij")
    assert "Niet van mij" not in client.get("/mijn").text
    assert client.get(path.format(id=activity.id)).status_code == 404


def test_somebody_elses_order_cannot_be_cancelled(client, me):
    with transaction():
        order = make_order()
    fields = hidden_fields(client.get("/mijn").text)
    assert client.post(f"/mijn/bestellingen/{order.id}/annuleren", data=fields).status_code == 404
    assert read(Order, order.id).state is OrderState.RECEIVED


def test_the_page_of_an_activity_tells_the_life_of_its_order(client, me):
    activity_id = mine(me)
    with transaction():
        order = make_order(activity=db.session.get(Activity, activity_id), state="approved")
    page = client.get(f"/mijn/activiteiten/{activity_id}").text
    assert page.count("<time") == 2
    assert "We pakken haar bij de volgende ronde in." in page
    assert order.number in page


def test_an_order_that_is_not_packed_can_be_cancelled(client, me):
    activity_id = mine(me)
    with transaction():
        order = make_order(activity=db.session.get(Activity, activity_id))
    path = f"/mijn/bestellingen/{order.id}/annuleren"
    answer = post(client, f"/mijn/activiteiten/{activity_id}", path)
    assert answer.status_code == 303
    assert "Je bestelling is geannuleerd." in client.get(answer.location).text
    assert read(Order, order.id).state is OrderState.CANCELLED
    assert client.get("/mijn").text.count("Bestel het gratis pakket") == 1, "another one can be ordered"


def test_a_cancellation_without_the_token_of_the_session_changes_nothing(client, me):
    activity_id = mine(me)
    with transaction():
        order = make_order(activity=db.session.get(Activity, activity_id))
    assert client.post(f"/mijn/bestellingen/{order.id}/annuleren").status_code == 400
    assert read(Order, order.id).state is OrderState.RECEIVED


def test_calling_a_public_activity_off_keeps_it_visible_and_releases_its_package(client, me):
    activity_id = mine(me)
    with transaction():
        order = make_order(activity=db.session.get(Activity, activity_id))
    answer = post(client, f"/mijn/activiteiten/{activity_id}/gaat-niet-door", reason="De zaal is niet vrij.", what="niet")
    assert answer.status_code == 303
    activity = read(Activity, activity_id)
    assert (activity.state, activity.cancel_reason) == (State.CANCELLED, "De zaal is niet vrij.")
    assert read(Order, order.id).state is OrderState.CANCELLED


def test_calling_off_what_was_never_public_takes_it_away(client, me):
    activity_id = mine(me, state=State.SUBMITTED)
    post(client, f"/mijn/activiteiten/{activity_id}/gaat-niet-door", reason="Ziek.", what="niet")
    assert read(Activity, activity_id).state is State.WITHDRAWN


def test_calling_off_asks_for_a_reason(client, me):
    activity_id = mine(me)
    page = post(client, f"/mijn/activiteiten/{activity_id}/gaat-niet-door", reason=" ", what="niet")
    assert (page.status_code, errors(page)) == (400, ["Vertel kort waarom het niet doorgaat."])
    assert read(Activity, activity_id).state is State.PUBLISHED


def test_calling_off_twice_says_that_it_happened(client, me):
    activity_id = mine(me, state=State.CANCELLED, cancelled_at=datetime(2027, 6, 1, tzinfo=UTC))
    page = post(client, f"/mijn/activiteiten/{activity_id}/gaat-niet-door", reason="Ziek.", what="niet")
    assert page.status_code == 400
    assert "De activiteit is net veranderd" in errors(page)[0]


def returned(user_id, **more):
    activity_id = mine(user_id, state=State.RETURNED, **more)
    with transaction():
        moderator = make_user("moderator")
        now = datetime(2027, 6, 1, tzinfo=UTC)
        db.session.add(Review(activity_id=activity_id, by_id=moderator.id, verdict=Verdict.RETURNED, reason="Zet de prijs erbij.", at=now))
    return activity_id


REVISED = ACTIVITY | PLACE | {"title": "Soep voor 2 euro", "is_free": "nee", "cost": "2 euro"}


def test_what_was_sent_back_is_improved_and_handed_in_again(client, me):
    activity_id = returned(me)
    assert "Zet de prijs erbij." in client.get(f"/mijn/activiteiten/{activity_id}").text
    answer = post(client, f"/mijn/activiteiten/{activity_id}/aanpassen", **REVISED)
    assert answer.status_code == 303, errors(answer)
    activity = read(Activity, activity_id)
    assert (activity.state, activity.title, activity.cost, activity.is_free) == (State.SUBMITTED, "Soep voor 2 euro", "2 euro", False)


def test_improving_moves_the_package_along_when_it_went_to_the_activity(client, me):
    activity_id = returned(me)
    with transaction():
        there = {"house_number": 12, "postcode": "3511 LX"}
        order = make_order(activity=db.session.get(Activity, activity_id), **there)
    before = read(Order, order.id).needed_by
    moved = {"house_number": "20", "moments-0-day": "2027-10-06"}
    assert post(client, f"/mijn/activiteiten/{activity_id}/aanpassen", **(REVISED | moved)).status_code == 303
    after = read(Order, order.id)
    assert after.house_number == 20
    assert after.needed_by > before


def test_improving_leaves_a_package_for_another_address_alone(client, me):
    activity_id = returned(me)
    with transaction():
        order = make_order(activity=db.session.get(Activity, activity_id), house_number=77)
    post(client, f"/mijn/activiteiten/{activity_id}/aanpassen", **(REVISED | {"house_number": "20"}))
    assert read(Order, order.id).house_number == 77


def test_the_form_to_improve_shows_what_was_told_and_can_add_a_moment(client, me):
    activity_id = returned(me)
    page = client.get(f"/mijn/activiteiten/{activity_id}/aanpassen").text
    assert re.search(r'name="moments-0-begins"[^>]*value="12:00"', page)
    assert re.search(r'name="street"[^>]*value="Voorbeeldstraat"', page)
    more = post(client, f"/mijn/activiteiten/{activity_id}/aanpassen", **(REVISED | {"add_moment": "1"}))
    assert "moments-1-day" in more.text
    assert read(Activity, activity_id).state is State.RETURNED


def test_only_what_was_sent_back_can_be_improved(client, me):
    activity_id = mine(me)
    assert client.get(f"/mijn/activiteiten/{activity_id}/aanpassen").status_code == 409


def test_a_package_can_be_ordered_afterwards(client, me):
    activity_id = mine(me)
    assert f'href="/bestellen/{activity_id}"' in client.get("/bestellen").text
    answer = post(client, f"/bestellen/{activity_id}", **ORDER)
    assert answer.status_code == 303, errors(answer)
    with transaction():
        order = db.session.query(Order).one()
        assert (order.quantity, order.activity_id, order.state) == (2, activity_id, OrderState.APPROVED)
    assert "Je hebt geen activiteit zonder pakket." in client.get("/bestellen").text


def test_the_same_place_is_asked_about_here_too(client, me):
    with transaction():
        first = make_activity()
        make_order(activity=first, house_number=12)
    activity_id = mine(me)
    page = post(client, f"/bestellen/{activity_id}", **ORDER)
    assert errors(page) == ["Dit adres heeft al een bestelling. Kies wat je wilt doen."]
    branch = post(client, f"/bestellen/{activity_id}", **(ORDER | {"again": "vestiging", "branch": "Jeugd"}))
    assert branch.status_code == 303
    assert count(Order) == 2


def test_a_wrong_number_is_said_here_too(client, me):
    activity_id = mine(me)
    assert errors(post(client, f"/bestellen/{activity_id}", **(ORDER | {"quantity": "9"}))) == ["Vul een getal in van 1 tot en met 5."]


@pytest.mark.parametrize("state", [State.CANCELLED, State.WITHDRAWN])
def test_what_does_not_go_on_gets_no_package(client, me, state):
    activity_id = mine(me, state=state, cancelled_at=datetime(2027, 6, 1, tzinfo=UTC) if state is State.CANCELLED else None)
    assert client.get(f"/bestellen/{activity_id}").status_code == 404


def test_without_packages_the_order_form_offers_the_poster_of_the_activity(client, me):
    with transaction():
        activity_id = make_activity(initiator=db.session.get(User, me)).id
        correct(db.session.query(Package).one(), 0, "Brand.", by_id=0)
    page = client.get(f"/bestellen/{activity_id}").text
    assert "wachtlijst" in page
    assert f'href="/activiteiten/{activity_id}/poster-a4.pdf"' in page


def test_after_the_ordering_window_the_page_says_why(client):
    with transaction():
        make_package(edition=make_edition(ordering_closes=date(2027, 6, 14)))
        user = make_user("initiator")
    sign_in(client, user)
    activity_id = mine(user.id)
    page = client.get("/bestellen").text
    assert "Een pakket bestellen kon tot en met 14 juni." in page
    assert 'href="/poster-a3.pdf"' in page
    assert client.get(f"/bestellen/{activity_id}").status_code == 404
    assert "/bestellen/" not in client.get("/mijn").text
