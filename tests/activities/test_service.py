"""Making an activity, and its steps from one state to the next."""

from datetime import UTC, datetime

import pytest

from tests.builders import make_activity, make_edition, make_occurrence, make_organisation, make_user
from weekapp.activities import service
from weekapp.activities.rules import NEXT, Audience, State, Theme
from weekapp.activities.service import NewActivity
from weekapp.errors import WrongState
from weekapp.geography.rules import Precision

MORNING = (datetime(2027, 9, 30, 8, tzinfo=UTC), datetime(2027, 9, 30, 10, tzinfo=UTC))
EVENING = (datetime(2027, 9, 30, 17, tzinfo=UTC), datetime(2027, 9, 30, 19, tzinfo=UTC))


def new(**more):
    values = {
        "title": "Café Één",
        "description": "We drinken koffie.",
        "theme": Theme.COFFEE,
        "audiences": (Audience.OLDER, Audience.EVERYONE),
        "expected_visitors": 40,
        "moments": (MORNING,),
        "house_number": 12,
        "postcode": "3511 LX",
        "town": "Utrecht",
        "precision": Precision.ADDRESS,
        "street": "Voorbeeldstraat",
        "municipality_code": "GM0344",
        "lon": 5.1234,
        "lat": 52.1234,
        "bag_id": "0344200000000001",
    }
    return NewActivity(**(values | more))


def make(**more):
    user = make_user()
    return service.create(new(**more), edition=make_edition(), organisation=make_organisation("Stichting Zuñiga"), initiator=user)


def test_a_new_activity_waits_for_a_moderator_and_changes_nothing_public(session):
    edition = make_edition()
    activity = make()
    session.refresh(edition)
    assert (activity.state, activity.published_at, edition.version) == (State.SUBMITTED, None, 1)


def test_each_moment_has_an_identity_of_its_own_and_stands_in_order(session):
    activity = make(moments=(EVENING, MORNING, EVENING))
    assert [(one.starts_at, one.ends_at, one.sequence) for one in activity.occurrences] == [(*MORNING, 0), (*EVENING, 0)]
    assert len({one.uid for one in activity.occurrences}) == 2


def test_the_search_text_is_lower_case_without_accents(session):
    activity = make(venue="Huis 'De Zon'")
    assert activity.search_text == "cafe een we drinken koffie huis de zon utrecht stichting zuniga"


def test_a_home_keeps_the_middle_of_its_postcode_area_only(session):
    activity = make(is_home=True)
    assert (activity.precision, activity.bag_id) == (Precision.PC4, "")
    assert (activity.lon, activity.lat) != (5.1234, 52.1234)
    assert "voorbeeldstraat" not in activity.search_text


def test_a_home_in_an_unknown_area_has_no_point_at_all(session):
    activity = make(is_home=True, postcode="1234 ZZ")
    assert (activity.lon, activity.lat, activity.precision) == (None, None, Precision.UNKNOWN)


def test_publishing_tells_the_public_site(session):
    activity = make()
    service.publish(activity, by=make_user("moderator"))
    session.refresh(activity.edition)
    assert activity.state is State.PUBLISHED
    assert activity.published_at == activity.changed_at
    assert activity.edition.version == 2


def test_a_cancelled_activity_stays_and_calendars_see_a_new_sequence(session):
    activity = make_activity()
    make_occurrence(activity, EVENING[0])
    session.refresh(activity)
    service.cancel(activity, "De zaal is niet vrij.", by=make_user())
    session.refresh(activity.edition)
    assert (activity.state, activity.cancel_reason) == (State.CANCELLED, "De zaal is niet vrij.")
    assert activity.cancelled_at == activity.changed_at
    assert [one.sequence for one in activity.occurrences] == [1, 1]
    assert {one.changed_at for one in activity.occurrences} == {activity.changed_at}
    assert activity.edition.version == 2


def test_what_goes_on_after_all_is_new_to_calendars_once_more(session):
    activity = make_activity()
    service.cancel(activity, "Ziek.", by=make_user())
    service.publish(activity, by=make_user("moderator"))
    session.flush()
    assert (activity.cancelled_at, activity.cancel_reason) == (None, "")
    assert [one.sequence for one in activity.occurrences] == [2]


def test_withdrawing_what_nobody_saw_changes_nothing_public(session):
    activity = make()
    service.withdraw(activity, by=make_user())
    session.refresh(activity.edition)
    assert (activity.state, activity.edition.version) == (State.WITHDRAWN, 1)


def test_withdrawing_what_was_public_tells_the_public_site(session):
    activity = make_activity()
    service.withdraw(activity, by=make_user())
    session.refresh(activity.edition)
    assert activity.edition.version == 2


def test_what_was_sent_back_comes_back_with_other_answers_and_moments(session):
    activity = make()
    first_uid = activity.occurrences[0].uid
    service.send_back(activity, by=make_user("moderator"))
    service.revise(activity, new(title="Koffie", moments=(EVENING,), audiences=(Audience.OLDER, Audience.YOUNG)), by=make_user())
    session.refresh(activity)
    assert (activity.state, activity.title) == (State.SUBMITTED, "Koffie")
    assert [(one.starts_at, one.uid == first_uid) for one in activity.occurrences] == [(EVENING[0], False)]
    assert {row.audience for row in activity.audiences} == {Audience.OLDER, Audience.YOUNG}
    assert activity.search_text.startswith("koffie ")


STEPS = {
    State.PUBLISHED: service.publish,
    State.RETURNED: service.send_back,
    State.SUBMITTED: service.resubmit,
    State.WITHDRAWN: service.withdraw,
    State.CANCELLED: lambda activity, *, by: service.cancel(activity, "Ziek.", by=by),
}


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_only_steps_of_the_table_are_taken(session, before, after):
    activity = make_activity(state=before, **({"cancelled_at": MORNING[0]} if before is State.CANCELLED else {}))
    if after in NEXT[before]:
        assert STEPS[after](activity, by=make_user()).state is after
    else:
        with pytest.raises(WrongState):
            STEPS[after](activity, by=make_user())
        assert activity.state is before
