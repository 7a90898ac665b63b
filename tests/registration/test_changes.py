"""Changing a public activity: facts at once, texts after a moderator, and who signed up hears it once (product.md rules 9 and 11)."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_occurrence, make_order, make_package, make_user, sign_in
from tests.pictures.drawing import photo
from tests.registration.filling import errors
from tests.signups.making import coming, mails_to
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities.models import Activity, ActivityEvent, Occurrence
from weekapp.activities.rules import Happened, State
from weekapp.db import db, transaction
from weekapp.moderation.models import Revision, RevisionState
from weekapp.orders.models import Order
from weekapp.orders.rules import State as OrderState
from weekapp.pictures import service as pictures
from weekapp.pictures.models import Picture
from weekapp.signups import service as sign_ups
from weekapp.signups.models import SignUp

FIRST = datetime(2027, 9, 30, 8, tzinfo=UTC)  # 10:00 in Amsterdam
ANSWERS = {
    "title": "Samen soep eten",
    "description": "We koken soep en eten samen aan een lange tafel.",
    "theme": "eten",
    "audiences": ["iedereen"],
    "expected_visitors": "40",
    "is_free": "ja",
    "postcode": "3511 LX",
    "house_number": "12",
    "street": "Voorbeeldstraat",
    "town": "Utrecht",
}


@pytest.fixture
def me(client):
    with transaction():
        make_package(edition=make_edition())
        user = make_user("initiator", name="Noor Voorbeeld")
    sign_in(client, user)
    return user.id


@pytest.fixture
def activity_id(me):
    """A public activity of two moments."""
    with transaction():
        activity = make_activity(initiator=db.session.get(User, me), starts=FIRST, takes_sign_ups=True)
        make_occurrence(activity, FIRST + timedelta(days=1))
        return activity.id


def moments(activity_id):
    with transaction():
        rows = list(db.session.scalars(select(Occurrence).where(Occurrence.activity_id == activity_id).order_by(Occurrence.id)))
        db.session.expunge_all()
        return rows


def read(table, row_id):
    with transaction():
        found = db.session.get(table, row_id)
        db.session.expunge(found)
        return found


def rows_of(activity_id):
    """The rows of the form as they stand on the page."""
    typed = {}
    for number, one in enumerate(moments(activity_id)):
        typed |= {
            f"moments-{number}-occurrence_id": str(one.id),
            f"moments-{number}-day": f"{one.starts_at:%Y-%m-%d}",
            f"moments-{number}-begins": f"{one.starts_at + timedelta(hours=2):%H:%M}",
            f"moments-{number}-ends": f"{one.ends_at + timedelta(hours=2):%H:%M}",
        }
    return typed


def form_of(client, activity_id):
    fields = hidden_fields(client.get(f"/mijn/activiteiten/{activity_id}/wijzigen").text)
    return {name: value for name, value in fields.items() if not name.startswith("moments-")}


def send(client, activity_id, typed, form=None):
    path = f"/mijn/activiteiten/{activity_id}/wijzigen"
    return client.post(path, data=(form or form_of(client, activity_id)) | typed)


def changed(client, activity_id, **different):
    """Open the form, change some answers, and press the button."""
    answer = send(client, activity_id, ANSWERS | rows_of(activity_id) | different)
    assert answer.status_code == 303, errors(answer)
    return client.get(answer.location).text


def kinds(activity_id):
    with transaction():
        return list(
            db.session.scalars(select(ActivityEvent.what).where(ActivityEvent.activity_id == activity_id).order_by(ActivityEvent.id))
        )


def waiting_texts():
    with transaction():
        return [one.texts for one in db.session.scalars(select(Revision).where(Revision.state == RevisionState.WAITING))]


def test_the_form_shows_what_is_public(client, activity_id):
    page = client.get(f"/mijn/activiteiten/{activity_id}/wijzigen").text
    assert re.search(r'name="moments-0-begins"[^>]*value="10:00"', page)
    assert 'value="Samen soep eten"' in page


def test_nothing_changed_says_so_and_leaves_no_trace(client, activity_id):
    before = moments(activity_id)
    assert "Er is niets veranderd." in changed(client, activity_id)
    assert [one.sequence for one in moments(activity_id)] == [one.sequence for one in before]
    assert kinds(activity_id) == []


def test_another_time_shows_at_once_with_the_same_uid_and_a_higher_sequence(client, activity_id):
    first, second = moments(activity_id)
    page = changed(client, activity_id, **{"moments-0-begins": "11:00", "moments-0-ends": "13:00"})
    assert "De nieuwe informatie staat op de website." in page
    now_first, now_second = moments(activity_id)
    assert (now_first.uid, now_first.starts_at, now_first.sequence) == (first.uid, FIRST + timedelta(hours=1), first.sequence + 1)
    assert now_second.sequence == second.sequence, "a moment that nobody touched stays as calendars have it"
    assert (
        "11.00" in client.get(f"/activiteiten/{activity_id}.ics").text or "T110000" in client.get(f"/activiteiten/{activity_id}.ics").text
    )


def test_another_text_waits_while_the_approved_one_stays_public(client, activity_id):
    page = changed(client, activity_id, title="Pannenkoeken eten")
    assert "Je nieuwe tekst is bij ons." in page
    assert read(Activity, activity_id).title == "Samen soep eten"
    assert waiting_texts() == [{"title": "Pannenkoeken eten"}]
    assert "Samen soep eten" in client.get(f"/activiteiten/{activity_id}", follow_redirects=True).text


def test_the_form_goes_on_with_the_text_that_waits_and_takes_it_back(client, activity_id):
    changed(client, activity_id, title="Pannenkoeken eten")
    assert 'value="Pannenkoeken eten"' in client.get(f"/mijn/activiteiten/{activity_id}/wijzigen").text
    changed(client, activity_id, title="Taart eten")
    assert waiting_texts() == [{"title": "Taart eten"}]
    changed(client, activity_id)
    assert waiting_texts() == []


def test_a_new_moment_is_added_and_the_others_stay(client, activity_id):
    more = {"moments-2-occurrence_id": "", "moments-2-day": "2027-10-02", "moments-2-begins": "14:00", "moments-2-ends": "15:00"}
    changed(client, activity_id, **more)
    assert len(moments(activity_id)) == 3
    assert kinds(activity_id) == [Happened.MOMENT_ADDED]


def test_a_moment_that_is_taken_off_the_form_is_called_off_and_not_deleted(client, activity_id):
    _first, second = moments(activity_id)
    typed = {name: value for name, value in rows_of(activity_id).items() if "moments-1" not in name}
    assert send(client, activity_id, ANSWERS | typed).status_code == 303
    now_first, now_second = moments(activity_id)
    assert (now_first.cancelled_at, now_second.uid, now_second.sequence) == (None, second.uid, second.sequence + 1)
    assert now_second.cancelled_at is not None


def test_a_moment_that_a_colleague_added_meanwhile_is_not_called_off(client, activity_id):
    form, typed = form_of(client, activity_id), rows_of(activity_id)
    with transaction():
        make_occurrence(db.session.get(Activity, activity_id), FIRST + timedelta(days=3))
    send(client, activity_id, ANSWERS | typed | {"title": "Nieuw"}, form)
    assert [one.cancelled_at for one in moments(activity_id)] == [None, None, None]


def test_a_moment_of_somebody_else_cannot_be_moved_by_its_id(client, activity_id):
    with transaction():
        other_id = make_activity("Niet van mij", starts=FIRST).occurrences[0].id
    answer = send(
        client, activity_id, ANSWERS | rows_of(activity_id) | {"moments-0-occurrence_id": str(other_id), "moments-0-day": "2027-10-03"}
    )
    assert answer.status_code == 303
    assert read(Occurrence, other_id).starts_at == FIRST


def test_another_place_touches_all_moments_and_takes_the_package_along(client, activity_id):
    with transaction():
        order_id = make_order(activity=db.session.get(Activity, activity_id), house_number=12).id
    changed(client, activity_id, house_number="20")
    assert read(Activity, activity_id).house_number == 20
    assert [one.sequence for one in moments(activity_id)] == [1, 1]
    assert read(Order, order_id).house_number == 20
    with transaction():
        event = db.session.scalars(select(ActivityEvent)).one()
        assert (event.what, event.needs_look, "12" in event.before, "20" in event.after) == (Happened.PLACE_MOVED, True, True, True)


def test_the_welcome_card_shows_at_once_and_mails_nobody(client, activity_id):
    changed(client, activity_id, wheelchair="y")
    assert read(Activity, activity_id).wheelchair
    assert [one.sequence for one in moments(activity_id)] == [0, 0]
    assert kinds(activity_id) == [Happened.FACTS_CHANGED]


def test_who_signed_up_gets_one_mail_after_half_an_hour_of_quiet_with_the_remark(client, activity_id, at):
    first = moments(activity_id)[0].id
    with transaction():
        sign_up_id = coming(db.session.get(Occurrence, first)).id
    for hour in ("11", "12"):
        changed(client, activity_id, **{"moments-0-begins": f"{hour}:00", "moments-0-ends": "14:00", "remark": "De zaal was bezet."})
    now = moments(activity_id)[0].changed_at
    with transaction():
        assert sign_ups.tell_changes(now + timedelta(minutes=29)) == 0
    with transaction():
        assert sign_ups.tell_changes(now + timedelta(minutes=31)) == 1
        assert mails_to(db.session.get(SignUp, sign_up_id)).count("signup_changed") == 1


def test_one_moment_can_be_called_off_alone_and_its_people_hear_why(client, activity_id):
    _first, second = moments(activity_id)
    with transaction():
        sign_up_id = coming(db.session.get(Occurrence, second.id)).id
    path = f"/mijn/activiteiten/{activity_id}/momenten/{second.id}/gaat-niet-door"
    answer = client.post(path, data=hidden_fields(client.get(path).text) | {"reason": "De kok is ziek."})
    assert answer.status_code == 303
    assert (read(Activity, activity_id).state, moments(activity_id)[1].remark) == (State.PUBLISHED, "De kok is ziek.")
    with transaction():
        assert mails_to(db.session.get(SignUp, sign_up_id))[-1] == "signup_cancelled_activity"
    assert "gaat niet door" in client.get(f"/activiteiten/{activity_id}", follow_redirects=True).text
    assert client.get(path).status_code == 404, "it has been called off"


def test_calling_off_the_last_moment_calls_the_activity_off(client, me):
    with transaction():
        activity = make_activity(initiator=db.session.get(User, me), starts=FIRST)
        activity_id, moment_id = activity.id, activity.occurrences[0].id
    path = f"/mijn/activiteiten/{activity_id}/momenten/{moment_id}/gaat-niet-door"
    client.post(path, data=hidden_fields(client.get(path).text) | {"reason": "De kok is ziek."})
    assert read(Activity, activity_id).state is State.CANCELLED


def test_postponing_tells_people_releases_the_package_and_waits_for_a_new_day(client, activity_id):
    first = moments(activity_id)[0].id
    with transaction():
        order_id = make_order(activity=db.session.get(Activity, activity_id)).id
        sign_up_id = coming(db.session.get(Occurrence, first)).id
    path = f"/mijn/activiteiten/{activity_id}/gaat-niet-door"
    client.post(path, data=hidden_fields(client.get(path).text) | {"reason": "De zaal is niet vrij.", "what": "later"})
    assert read(Order, order_id).state is OrderState.CANCELLED
    with transaction():
        assert mails_to(db.session.get(SignUp, sign_up_id))[-1] == "signup_postponed"
    assert "nieuwe datum volgt" in client.get(f"/activiteiten/{activity_id}", follow_redirects=True).text
    assert "[VERPLAATST]" in client.get(f"/activiteiten/{activity_id}.ics").text
    changed(client, activity_id, **{"moments-0-day": "2027-10-05"})
    now = read(Activity, activity_id)
    assert (now.state, now.postponed_at, now.cancel_reason) == (State.PUBLISHED, None, "")


def test_what_waits_for_its_first_moderator_can_still_be_changed_in_full(client, me):
    with transaction():
        activity_id = make_activity(initiator=db.session.get(User, me), starts=FIRST, state=State.SUBMITTED, published_at=None).id
    changed(client, activity_id, title="Pannenkoeken eten")
    now = read(Activity, activity_id)
    assert (now.title, now.state) == ("Pannenkoeken eten", State.SUBMITTED)
    assert kinds(activity_id) == [Happened.IMPROVED]


def test_the_page_tells_the_history_in_plain_words(client, activity_id):
    page = changed(client, activity_id, **{"moments-0-begins": "11:00", "moments-0-ends": "13:00"})
    history = page.partition('id="geschiedenis"')[2]
    for words in ("De tijd is anders", "10.00 tot 12.00 uur", "11.00 tot 13.00 uur", "Noor Voorbeeld"):
        assert words in history


@pytest.mark.parametrize("state", [State.RETURNED, State.CANCELLED, State.WITHDRAWN])
def test_what_cannot_be_changed_says_so(client, me, state):
    gone = {"cancelled_at": FIRST} if state is State.CANCELLED else {}
    with transaction():
        activity_id = make_activity(initiator=db.session.get(User, me), starts=FIRST, state=state, **gone).id
    assert client.get(f"/mijn/activiteiten/{activity_id}/wijzigen").status_code == 409


@pytest.mark.parametrize("lost", ["session", "token"])
def test_who_was_away_too_long_loses_nothing_and_reads_that_it_is_not_sent_yet(client, activity_id, lost):
    typed = ANSWERS | rows_of(activity_id) | {"description": "We eten soep en zingen daarna."}
    form = form_of(client, activity_id)
    if lost == "session":
        client.delete_cookie("weekapp")
    page = send(client, activity_id, typed, form | ({"csrf_token": "oud"} if lost == "token" else {}))
    assert page.status_code in {400, 401}
    assert "Je formulier is nog niet verstuurd." in page.text
    kept = hidden_fields(page.text)
    assert all(kept[name] == value for name, value in typed.items() if isinstance(value, str))
    assert waiting_texts() == []


@pytest.mark.parametrize("button", [{"add_moment": "1"}, {"move_pin": "noord"}])
def test_a_photo_is_kept_when_another_button_is_pressed(client, activity_id, button):
    path = f"/mijn/activiteiten/{activity_id}/wijzigen"
    sent = ANSWERS | hidden_fields(client.get(path).text, path) | button | {"photo": (io.BytesIO(photo()), "soep.jpg")}
    page = client.post(path, data=sent, content_type="multipart/form-data")
    assert page.status_code == 200
    assert 'class="photo"' in page.text


def test_a_new_photo_waits_for_a_moderator_and_the_purge_leaves_it(client, activity_id):
    path = f"/mijn/activiteiten/{activity_id}/wijzigen"
    page = client.get(path).text
    shown = dict(re.findall(r'name="(moments-[^"]+)"[^>]*value="([^"]*)"', page))
    sent = ANSWERS | hidden_fields(page, path) | shown | {"photo": (io.BytesIO(photo()), "soep.jpg"), "photo_alt": "Een tafel met soep"}
    assert client.post(path, data=sent, content_type="multipart/form-data").status_code == 303
    with transaction():
        pictures.forget_unused(clock.now() + timedelta(days=30))
    with transaction():
        waiting = db.session.query(Revision).one()
        assert db.session.get(Picture, waiting.picture_id).alt_text == "Een tafel met soep"
        assert waiting.activity.picture_id is None


def test_a_new_text_with_the_word_that_keeps_people_away_gets_a_tip_and_is_taken(client, activity_id):
    page = changed(client, activity_id, description="Samen tegen de eenzaamheid.")
    assert "Een tip over je woorden" in page
    assert waiting_texts()
    assert "Een tip over je woorden" in client.get(f"/mijn/activiteiten/{activity_id}/wijzigen").text
    assert "Een tip over je woorden" not in changed(client, activity_id, description="Samen soep eten en zingen.")
