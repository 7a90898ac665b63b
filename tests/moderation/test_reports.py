"""Readers report a mistake without saying who they are; a moderator settles each report once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.accounts.filling import send
from tests.builders import make_activity, make_user, sign_in
from weekapp import clock
from weekapp.accounts.lockout import lockout
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.moderation import rules, service
from weekapp.moderation.models import Report
from weekapp.moderation.rules import Mistake, ReportState
from weekapp.privacy import purge

DESK = "/beheer/meldingen"


def form_of(activity_id):
    return f"/activiteiten/{activity_id}/fout-melden"


def made(**more):
    with transaction():
        return make_activity(**more).id


def reported(activity_id, words="", number=1):
    with transaction():
        return service.report(activity_id, Mistake.TIME, words, send_id=f"form {number}").id


def states():
    db.session.expire_all()
    return list(db.session.scalars(select(Report.state).order_by(Report.id)))


def moderator(client, role="moderator"):
    with transaction():
        somebody = make_user(role, name="Mo Moderator")
    sign_in(client, somebody)
    return client


def test_a_reader_reports_a_mistake_from_the_page_of_an_activity(client):
    number = made()
    assert f'href="{form_of(number)}"' in client.get(f"/activiteiten/{number}", follow_redirects=True).text
    answer = send(client, form_of(number), mistake="time", words="  Het begint om\n11 uur. ")
    assert answer.status_code == 200
    assert "Bedankt voor je melding" in answer.text
    (report,) = db.session.scalars(select(Report)).all()
    assert (report.mistake, report.words, report.state) == (Mistake.TIME, "Het begint om 11 uur.", ReportState.OPEN)


def test_priv_02_nothing_tells_who_reported_and_no_cookie_is_set(client):
    answer = send(client, form_of(made()), mistake="time")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(Report.__table__.columns.keys()) == {
        *("id", "activity_id", "mistake", "words", "state", "send_key", "made_at", "settled_at", "settled_by_id")
    }


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        ({}, "Kies wat er niet klopt."),
        ({"mistake": "nonsense"}, "Kies wat er niet klopt."),
        ({"mistake": "other"}, "Schrijf in een paar woorden wat er niet klopt."),
        ({"mistake": "time", "words": "x" * 301}, "Maak je tekst korter"),
    ],
)
def test_each_mistake_in_the_form_has_its_sentence(client, filled, message):
    answer = send(client, form_of(made()), **filled)
    assert answer.status_code == 400
    assert message in answer.text
    assert states() == []


def test_a_robot_that_fills_the_hidden_field_reports_nothing(client):
    assert send(client, form_of(made()), mistake="time", website="http://spam").status_code == 400


def test_what_is_not_public_cannot_be_reported(client):
    assert client.get(form_of(made(state=State.SUBMITTED, published_at=None))).status_code == 404


def test_a_double_click_makes_one_report(session):
    number = make_activity().id
    first = service.report(number, Mistake.OFF, "", send_id="form")
    assert service.report(number, Mistake.OFF, "", send_id="form") is first


def test_sec_15_one_activity_takes_so_many_reports_an_hour(client):
    number = made()
    lockout().own.reset()  # other tests had an activity with this number
    answers = [send(client, form_of(number), mistake="time", words=f"{n}").status_code for n in range(rules.MOST_REPORTS + 1)]
    assert answers == [200] * rules.MOST_REPORTS + [429]
    last = send(client, form_of(number), mistake="time")
    assert int(last.headers["Retry-After"]) > 0


def test_when_very_many_wait_one_more_is_thanked_for_and_not_kept(session):
    number = make_activity().id
    for n in range(rules.MOST_OPEN):
        assert service.report(number, Mistake.TIME, "", send_id=f"{n}")
    assert service.report(number, Mistake.TIME, "", send_id="one more") is None


def test_a_moderator_sees_the_report_as_text_and_settles_it(client):
    number = reported(made(title="Samen soep eten"), "<b>te laat</b>")
    desk = moderator(client)
    assert "Er wacht 1 melding van een bezoeker." in desk.get("/beheer").text
    page = desk.get(DESK).text
    assert "&lt;b&gt;te laat&lt;/b&gt;" in page
    answer = send(desk, DESK, action=f"{DESK}/{number}/verbeterd")
    assert answer.status_code == 303
    assert states() == [ReportState.MENDED]
    page = desk.get(DESK).text
    assert "Er wachten geen meldingen." in page
    assert re.search(r"verbeterd</td><td>Mo Moderator", page)


def test_a_report_is_settled_once(client):
    number = reported(made())
    desk = moderator(client)
    page = desk.get(DESK).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    desk.post(f"{DESK}/{number}/klopt", data={"csrf_token": token})
    desk.post(f"{DESK}/{number}/verbeterd", data={"csrf_token": token})
    assert "Iemand anders heeft deze melding al afgehandeld." in desk.get(DESK).text
    assert states() == [ReportState.UNFOUNDED]


@pytest.mark.parametrize("role", ["initiator", "logistics", "municipality"])
def test_others_do_not_see_the_queue(client, role):
    assert moderator(client, role).get(DESK).status_code == 403


def test_priv_05_reports_go_after_90_days(session):
    report = service.report(make_activity().id, Mistake.OTHER, "Bel 06 12345678", send_id="form")
    report.made_at = clock.now() - timedelta(days=91)
    db.session.flush()
    assert purge(clock.now()).mistake_reports == 1
    assert session.scalar(select(func.count()).select_from(Report)) == 0
