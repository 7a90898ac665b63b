"""Making, changing and calling off gatherings."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders import make_user
from tests.gatherings.making import LINK, STARTS, make_gathering, make_session, new_gathering, new_session
from weekapp.activities import queries as activities
from weekapp.activities.filters import Filters
from weekapp.audit import AuditEntry
from weekapp.db import db
from weekapp.editions import queries as editions
from weekapp.errors import WrongState
from weekapp.gatherings import queries, service
from weekapp.gatherings.rules import Attendance


def version():
    return editions.public_version(db.session.connection())[0]


def test_a_gathering_is_public_from_its_first_session_on(session):
    gathering = make_gathering(sessions=())
    assert queries.public() == []
    assert queries.one_public(gathering.id) is None
    before = version()
    service.add_session(gathering, new_session(), by=make_user("manager"))
    assert queries.public() == [gathering]
    assert version() > before


def test_sessions_are_told_in_order_of_time(session):
    late, early = new_session("Laat", starts=STARTS + timedelta(hours=3)), new_session("Vroeg")
    gathering = make_gathering(sessions=(late, early))
    assert [one.title for one in gathering.programme] == ["Vroeg", "Laat"]
    assert (gathering.starts_at, gathering.ends_at) == (STARTS, STARTS + timedelta(hours=5))


def test_a_session_is_no_activity(session):
    make_gathering()
    assert activities.count(Filters()) == 0
    assert activities.all_found(Filters()) == []


def test_another_place_or_link_is_a_change_that_people_must_know_and_another_text_is_not(session):
    gathering = make_gathering(attendance=Attendance.MIXED, online_link=LINK)
    moment, by, online = gathering.sessions[0].moment, make_user("manager"), {"attendance": Attendance.MIXED, "online_link": LINK}
    uid = moment.uid
    service.change(gathering, new_gathering(**online, description="Met soep."), by=by)
    assert (moment.uid, moment.sequence) == (uid, 0)
    service.change(gathering, new_gathering(**online, description="Met soep.", venue="Een andere hal"), by=by)
    assert (moment.uid, moment.sequence) == (uid, 1)
    service.change(
        gathering, new_gathering(**(online | {"online_link": LINK + "2"}), description="Met soep.", venue="Een andere hal"), by=by
    )
    assert (moment.uid, moment.sequence) == (uid, 2)


def test_saving_without_a_change_changes_nothing(session):
    gathering, before = make_gathering(), version()
    assert not service.change(gathering, new_gathering(), by=make_user("manager"))
    assert (version(), gathering.sessions[0].moment.sequence) == (before, 0)


def test_another_time_makes_calendars_look_again_and_another_number_of_places_does_not(session):
    made, by = make_session("Soep", places=10), make_user("manager")
    service.change_session(made, new_session("Soep", places=20), by=by)
    assert (made.moment.sequence, made.moment.places) == (0, 20)
    service.change_session(made, new_session("Soep", places=20, starts=STARTS + timedelta(hours=1)), by=by)
    assert (made.moment.sequence, made.moment.moved_from) == (1, STARTS)
    service.change_session(made, new_session("Soep", places=20), by=by)
    assert (made.moment.sequence, made.moment.moved_from) == (2, None)


def test_what_is_called_off_stays_visible_as_that_and_cannot_be_changed(session):
    gathering, by = make_gathering(), make_user("manager")
    service.call_off(gathering, "De zaal is weg.", by=by)
    service.call_off(gathering, "Nog een keer.", by=by)
    assert (gathering.cancel_reason, gathering.sessions[0].moment.sequence) == ("De zaal is weg.", 1)
    assert queries.public() == [gathering]
    with pytest.raises(WrongState):
        service.change(gathering, new_gathering("Toch"), by=by)
    with pytest.raises(WrongState):
        service.add_session(gathering, new_session(), by=by)
    with pytest.raises(WrongState):
        service.change_session(gathering.sessions[0], new_session(), by=by)


def test_one_session_can_be_called_off_while_the_others_go_on(session):
    gathering = make_gathering(sessions=(new_session("Een"), new_session("Twee")))
    service.call_off_session(gathering.programme[0], "De spreker is ziek.", by=make_user("manager"))
    assert [one.is_off for one in gathering.programme] == [True, False]
    assert gathering.cancelled_at is None


def test_each_act_is_written_down_without_words(session):
    gathering = make_gathering()
    service.call_off(gathering, "Geheim", by=make_user("manager"))
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"gathering {gathering.id}").order_by(AuditEntry.id)).all()
    assert [one.what for one in found] == ["gathering made", "session added", "gathering called off"]


def test_a_gathering_is_coming_until_its_last_day_is_over(session, at):
    gathering = make_gathering()
    at(STARTS + timedelta(hours=6))
    assert queries.coming_and_been() == ([gathering], [])
    at(STARTS + timedelta(hours=12))
    assert queries.coming_and_been() == ([], [gathering])
