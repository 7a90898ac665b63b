from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.accounts.filling import hidden_fields, send
from tests.builders import make_activity, make_order, make_user, sign_in
from weekapp import clock
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail

QUEUE = "/beheer/moderatie"


@pytest.fixture
def desk(client):
    """A browser in which a moderator is signed in."""
    with transaction():
        moderator = make_user("moderator", name="Mo Moderator")
    sign_in(client, moderator)
    return client


def waiting(title="Samen soep eten", hours=1, **more):
    """The id of an activity that waits."""
    with transaction():
        submitted_at = clock.now() - timedelta(hours=hours)
        return make_activity(title, state=State.SUBMITTED, submitted_at=submitted_at, published_at=None, **more).id


def state_of(activity_id):
    db.session.expire_all()
    return db.session.get(Activity, activity_id).state


def approve(desk, activity_id):
    return send(desk, f"{QUEUE}/{activity_id}", action=f"{QUEUE}/{activity_id}/goedkeuren")


def send_back(desk, activity_id, **values):
    return send(desk, f"{QUEUE}/{activity_id}", action=f"{QUEUE}/{activity_id}/terugsturen", **values)


def test_the_first_page_says_what_waits(desk):
    waiting()
    waiting()
    assert "Er wachten 2 activiteiten." in desk.get("/beheer").text


def test_the_list_has_the_oldest_on_top(desk):
    waiting("Jonge wandeling", hours=1)
    waiting("Oude koffie", hours=50)
    page = desk.get(QUEUE).text
    assert page.index("Oude koffie") < page.index("Jonge wandeling")


def test_an_empty_list_says_that_all_is_done(desk):
    assert "Er wacht niets." in desk.get(QUEUE).text


def test_approving_goes_on_to_the_next_one(desk):
    first, second = waiting(hours=9), waiting(hours=2)
    answer = approve(desk, first)
    assert (answer.status_code, answer.location) == (303, f"{QUEUE}/{second}")
    assert state_of(first) == State.PUBLISHED
    assert "Goedgekeurd: Samen soep eten." in desk.get(answer.location).text


def test_after_the_last_one_the_list_follows(desk):
    assert approve(desk, waiting()).location == QUEUE


def test_sending_back_needs_a_reason_and_keeps_the_page(desk):
    activity_id = waiting()
    answer = send_back(desk, activity_id)
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text
    assert "Kies een reden of schrijf er zelf een." in answer.text
    assert state_of(activity_id) == State.SUBMITTED


def test_ready_and_own_reasons_reach_the_initiator_together(desk):
    activity_id = waiting()
    assert send_back(desk, activity_id, ready=["place", "times"], own="  Bel ons\r\n even. ").status_code == 303
    reason = db.session.scalars(select(OutgoingMail)).one().values["reason"]
    lines = reason.splitlines()
    assert lines[0].startswith("Controleer het adres.")
    assert lines[2:] == ["Bel ons", "even."]


def test_a_reason_that_is_too_long_is_kept(desk):
    answer = send_back(desk, waiting(), own="x" * 1001)
    assert answer.status_code == 400
    assert "x" * 1001 in answer.text


def test_a_second_verdict_is_told_kindly(desk):
    activity_id = waiting()
    fields = hidden_fields(desk.get(f"{QUEUE}/{activity_id}").text, f"{QUEUE}/{activity_id}/terugsturen")
    approve(desk, activity_id)
    answer = desk.post(f"{QUEUE}/{activity_id}/terugsturen", data=fields | {"own": "Toch niet"})
    assert answer.status_code == 303
    assert "al beoordeeld" in desk.get(answer.location).text
    assert state_of(activity_id) == State.PUBLISHED
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


def test_what_was_judged_shows_the_verdict_and_no_buttons(desk):
    activity_id = waiting()
    send_back(desk, activity_id, own="Te kort.")
    page = desk.get(f"{QUEUE}/{activity_id}").text
    assert "Deze activiteit is al beoordeeld." in page
    assert "Keur goed" not in page
    assert "Te kort." in page


def test_signs_in_the_text_are_named(desk):
    page = desk.get(f"{QUEUE}/{waiting(description='Bel 06 12345678 of kijk op www.voorbeeld.nl')}").text
    assert "06 12345678" in page
    assert "<strong>www.voorbeeld.nl</strong>" in page


def preview_in(page):
    return page.partition('<div class="preview">')[2].partition("</section>")[0]


def test_the_preview_shows_what_residents_will_see_and_nothing_more(desk):
    with transaction():
        initiator = make_user("initiator", name="Ina Initiatief", email="ina@voorbeeld.nl")
    preview = preview_in(desk.get(f"{QUEUE}/{waiting(initiator=initiator)}").text)
    assert "Voorbeeldstraat 12" in preview
    assert "donderdag 30 september" in preview
    assert "Ina Initiatief" not in preview
    assert "ina@voorbeeld.nl" not in preview


def test_a_home_is_hidden_from_residents_but_not_from_us(desk):
    page = desk.get(f"{QUEUE}/{waiting(is_home=True)}").text
    assert "Voorbeeldstraat" not in preview_in(page)
    assert "Voorbeeldstraat" in page


def test_the_order_stands_beside_the_text(desk):
    with transaction():
        order = make_order(activity=db.session.get(Activity, waiting_inside()))
        activity_id, number = order.activity_id, order.number
    assert number in desk.get(f"{QUEUE}/{activity_id}").text


def waiting_inside():
    return make_activity(state=State.SUBMITTED, published_at=None).id


def test_html_in_a_title_is_shown_as_it_is(desk):
    page = desk.get(f"{QUEUE}/{waiting('<script>alert(1)</script>')}").text
    assert "<script>" not in page


def test_an_unknown_activity_is_not_found(desk):
    assert desk.get(f"{QUEUE}/99999999999").status_code == 404


def test_a_verdict_without_a_form_token_is_not_given(desk):
    activity_id = waiting()
    assert desk.post(f"{QUEUE}/{activity_id}/goedkeuren").status_code == 400
    assert state_of(activity_id) == State.SUBMITTED
