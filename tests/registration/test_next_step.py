"""/mijn says for each activity what to do next: one sentence, and one button where there is something to press."""

import re
from datetime import UTC, date, datetime

import pytest

from tests.builders import make_activity, make_edition, make_occurrence, make_order, make_package, make_user, sign_in
from tests.signups.making import coming
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.moderation.models import Revision, RevisionState

FIRST = datetime(2027, 9, 30, 8, tzinfo=UTC)


@pytest.fixture
def me(client):
    with transaction():
        make_package(edition=make_edition())
        user = make_user("initiator", name="Noor Voorbeeld")
    sign_in(client, user)
    return user.id


def make(me, *, ordered=True, **more):
    """One activity of mine, with a package unless a test wants none."""
    activity = make_activity(initiator=db.session.get(User, me), **{"starts": FIRST} | more)
    if ordered:
        make_order(activity=activity)
    return activity


def shown(client):
    """The sentence and the button, with where it leads."""
    page = client.get("/mijn").text
    sentence = re.search(r'class="own__next">([^<]*)<', page)[1]
    rest = page[page.index('class="own__next"') :]
    button = re.match(r'[^>]*>[^<]*</p>\s*(?:<p><a class="btn btn-primary" href="([^"]*)">|<form method="post" action="([^"]*)")', rest)
    return sentence, (button[1] or button[2]) if button else ""


NO_PACKAGE = "Je hebt nog geen pakket besteld. Dat kan tot en met dinsdag 31 augustus."
STATES = [
    ({"state": State.SUBMITTED}, "Je hoeft nu niets te doen. Je krijgt een mail van ons.", ""),
    (
        {"state": State.SUBMITTED, "ordered": False},
        "Je hebt nog geen pakket besteld. Dat kan tot en met dinsdag 31 augustus.",
        "/bestellen/{}",
    ),
    ({"state": State.RETURNED}, "Verander wat wij vroegen. Daarna kijken we opnieuw.", "/mijn/activiteiten/{}/aanpassen"),
    ({"ordered": False}, NO_PACKAGE, "/bestellen/{}"),
    ({}, "Vertel het in de buurt.", "/activiteiten/{}/poster-a4.pdf"),
    ({"takes_sign_ups": True}, "Vertel het in de buurt.", "/activiteiten/{}/poster-a4.pdf"),
    ({"state": State.WITHDRAWN}, "Je hoeft niets meer te doen.", ""),
    ({"starts": datetime(2027, 6, 1, 8, tzinfo=UTC)}, "Bedankt dat je meedeed.", ""),
]


@pytest.mark.parametrize(("facts", "sentence", "path"), STATES)
def test_each_state_has_one_sentence_and_where_it_helps_one_button(client, me, facts, sentence, path):
    with transaction():
        activity_id = make(me, **facts).id
    assert shown(client) == (sentence, path.format(activity_id))


def test_who_called_it_off_or_postponed_it(client, me):
    now = clock.now()
    with transaction():
        make(me, state=State.CANCELLED, cancelled_at=now)
    assert shown(client) == ("Je hoeft niets meer te doen.", "")
    with transaction():
        later = make(me, state=State.CANCELLED, cancelled_at=now, postponed_at=now, ordered=False).id
    assert shown(client) == ("Weet je de nieuwe dag?", f"/mijn/activiteiten/{later}/wijzigen")


def test_when_people_come_their_list_is_next(client, me):
    with transaction():
        activity = make(me, takes_sign_ups=True)
        coming(activity.occurrences[0], size=3)
        activity_id = activity.id
    assert shown(client) == ("Er komen mensen. Kijk wie.", f"/mijn/activiteiten/{activity_id}/aanmeldingen")


def test_a_text_that_came_back_is_next(client, me):
    with transaction():
        activity = make(me)
        returned = {"state": RevisionState.RETURNED, "sent_at": clock.now(), "judged_at": clock.now(), "reason": "Te kort."}
        db.session.add(Revision(activity_id=activity.id, by_id=me, texts={"title": "Soep"}, **returned))
        activity_id = activity.id
    words = "Je nieuwe tekst kan zo nog niet op de website. In de mail staat waarom."
    assert shown(client) == (words, f"/mijn/activiteiten/{activity_id}/wijzigen")


def test_last_year_can_be_repeated(client, me):
    with transaction():
        before = make_edition(2026, first_day=date(2026, 9, 24), last_day=date(2026, 9, 30))
        old = make(me, edition=before, starts=datetime(2026, 9, 26, 12, tzinfo=UTC), ordered=False).id
    assert shown(client) == ("Doe je weer mee? Bijna alles is al ingevuld.", f"/mijn/activiteiten/{old}/opnieuw")
    assert "Je activiteit is geweest." in client.get("/mijn").text


def test_a_later_moment_that_was_called_off_does_not_keep_it_going(client, me):
    with transaction():
        activity = make(me, starts=datetime(2027, 6, 1, 8, tzinfo=UTC))
        make_occurrence(activity, FIRST, cancelled_at=clock.now())
    assert shown(client)[0] == "Bedankt dat je meedeed."
