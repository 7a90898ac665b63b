from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import selectinload

from tests.activities.searches import fill, random_pairs
from tests.builders import make_activity, make_edition, make_occurrence, make_organisation
from weekapp import clock
from weekapp.activities import queries
from weekapp.activities.filters import Filters, days_asked, parse
from weekapp.activities.models import Activity
from weekapp.activities.rules import State, Stop
from weekapp.activities.words import Known, belongs_to, stem_of, words_in
from weekapp.db import db
from weekapp.geography import reference
from weekapp.geography.rules import Precision, distance_km


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def search(*pairs):
    filters, errors = parse(pairs)
    assert errors == []
    return filters


def ids(*pairs):
    return queries.matching_ids(search(*pairs))


class Statements:
    """How many statements the database got."""

    def __init__(self):
        self.count = 0

    def __enter__(self):
        event.listen(db.engine, "before_cursor_execute", self.add)
        return self

    def __exit__(self, *_):
        event.remove(db.engine, "before_cursor_execute", self.add)

    def add(self, *_):
        self.count += 1


def is_found(activity, filters, edition_id):
    """The meaning of each filter, in plain words of Python and one activity at a time."""
    if activity.state not in {State.PUBLISHED, State.CANCELLED}:
        return False
    if activity.edition_id != edition_id and not (activity.is_ongoing and activity.state is State.PUBLISHED):
        return False
    stretches = days_asked(filters)
    bounds = [(clock.day_bounds(first)[0], clock.day_bounds(last)[1]) for first, last in stretches or []]
    row = reference.municipality(activity.municipality_code or "")
    return all(
        (
            all(holds(activity, word) for word in filters.words),
            not filters.gemeente or activity.municipality_code in {one.code for one in filters.gemeente},
            not filters.provincie or (row is not None and row.province in filters.provincie),
            stretches is None or any(o.starts_at < end and o.ends_at > start for o in activity.occurrences for start, end in bounds),
            not filters.thema or activity.theme in filters.thema,
            not filters.doelgroep or {one.audience for one in activity.audiences} & set(filters.doelgroep),
            not filters.centre or (activity.lon is not None and km(filters.centre, activity) <= filters.straal),
            not filters.bbox or (activity.lon is not None and in_box(filters.bbox, activity)),
            not filters.gratis or activity.is_free,
            not filters.alleen or activity.can_come_alone,
            not filters.rolstoel or activity.wheelchair,
            not filters.ringleiding or activity.hearing_loop,
            not filters.toilet or activity.accessible_toilet,
            not filters.prikkelarm or activity.quiet,
            not filters.ov or activity.stop is Stop.NEAR,
            not filters.taal or {one.language for one in activity.languages} & set(filters.taal),
            not filters.zonder_aanmelden or not activity.sign_up_needed,
        )
    )


def holds(activity, asked):
    return any(belongs_to(asked, Known(0, word, stem_of(word))) for word in words_in(activity.search_text))


def km(centre, activity):
    return distance_km(centre.lon, centre.lat, activity.lon, activity.lat)


def in_box(box, activity):
    return box[0] <= activity.lon <= box[2] and box[1] <= activity.lat <= box[3]


def test_two_hundred_random_searches_find_what_their_words_mean(session):
    edition = make_edition()
    fill(80)
    everything = session.scalars(select(Activity).options(selectinload(Activity.occurrences), selectinload(Activity.audiences))).all()
    random = Random(11)
    found_something = 0
    for _ in range(200):
        filters = search(*random_pairs(random))
        expected = {activity.id for activity in everything if is_found(activity, filters, edition.id)}
        assert set(queries.matching_ids(filters)) == expected, filters
        found_something += bool(expected)
    assert found_something > 60


def test_list_map_count_and_full_hold_the_same_set(session):
    make_edition()
    fill(80)
    random = Random(12)
    for _ in range(40):
        filters = search(*random_pairs(random))
        expected = queries.matching_ids(filters)
        assert queries.count(filters) == len(expected)
        assert [item.id for item in queries.for_map(filters)] == expected
        assert sorted(activity.id for activity in queries.all_found(filters)) == sorted(expected)
        pages = [queries.page_of(filters, number) for number in range(1, queries.page_of(filters).last + 1)]
        assert [hit.activity.id for page in pages for hit in page.hits] == expected


def test_only_published_and_cancelled_ones_are_seen(session):
    visible = make_activity()
    cancelled = make_activity(state=State.CANCELLED, cancelled_at=clock.now())
    for state in (State.SUBMITTED, State.RETURNED, State.WITHDRAWN):
        make_activity(state=state)
    assert sorted(ids()) == [visible.id, cancelled.id]


def test_what_goes_on_all_year_is_seen_in_the_next_edition_too(session):
    make_edition()
    former = make_edition(2026)
    ongoing = make_activity(edition=former, is_ongoing=True)
    make_activity(edition=former)
    make_activity(edition=former, is_ongoing=True, state=State.CANCELLED, cancelled_at=clock.now())
    assert ids() == [ongoing.id]


def test_a_day_means_a_moment_that_touches_it(session):
    night = make_activity(starts=datetime(2027, 9, 30, 20, tzinfo=UTC), hours=4)  # 22.00 to 02.00 in Amsterdam
    assert [ids(("dag", f"2027-{day}")) for day in ("09-29", "09-30", "10-01", "10-02")] == [[], [night.id], [night.id], []]


def test_a_moment_that_ends_at_midnight_is_not_on_the_next_day(session):
    evening = make_activity(starts=datetime(2027, 9, 30, 20, tzinfo=UTC), hours=2)  # until 00.00 in Amsterdam
    assert ids(("dag", "2027-09-30")) == [evening.id]
    assert ids(("dag", "2027-10-01")) == []


def test_days_have_23_or_25_hours_around_a_clock_change(session):
    last_hour_of_autumn_day = make_activity(starts=datetime(2027, 10, 31, 22, 30, tzinfo=UTC), hours=0.25)  # 23.30, winter time
    first_hour_of_spring_day = make_activity(starts=datetime(2028, 3, 25, 23, 30, tzinfo=UTC), hours=0.25)  # 00.30 on the 26th
    assert ids(("dag", "2027-10-31")) == [last_hour_of_autumn_day.id]
    assert ids(("dag", "2027-11-01")) == []
    assert ids(("dag", "2028-03-26")) == [first_hour_of_spring_day.id]
    assert ids(("dag", "2028-03-25")) == []


def test_one_moment_must_be_on_a_day_that_every_date_filter_allows(session):
    activity = make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
    make_occurrence(activity, datetime(2027, 10, 5, 10, tzinfo=UTC))
    assert ids(("van", "2027-10-01"), ("tot", "2027-10-04")) == []
    assert ids(("dag", "2027-09-30"), ("van", "2027-10-01")) == []
    assert ids(("van", "2027-10-01")) == [activity.id]


def test_every_word_must_occur_without_minding_case_and_accents(session):
    zoe = make_activity("Wandelen met Zoë", search_text="wandelen met zoe utrecht")
    make_activity("Wandelen", search_text="wandelen utrecht")
    assert ids(("q", "ZOË wandel")) == [zoe.id]


def test_what_starts_first_comes_first_and_what_is_over_last(session, at):
    over = make_activity(starts=datetime(2027, 9, 30, 8, tzinfo=UTC))
    late = make_activity(starts=datetime(2027, 10, 3, 18, tzinfo=UTC))
    soon = make_activity(starts=datetime(2027, 10, 2, 8, tzinfo=UTC))
    assert ids() == [over.id, soon.id, late.id]
    at(datetime(2027, 10, 2, 12, tzinfo=UTC))
    assert ids() == [soon.id, late.id, over.id]


def test_nearest_comes_first_when_asked(session):
    far = make_activity(lon=5.3, lat=52.1, starts=datetime(2027, 9, 30, 6, tzinfo=UTC))
    near = make_activity(lon=5.12, lat=52.09, starts=datetime(2027, 9, 30, 18, tzinfo=UTC))
    filters = search(("postcode", "3511"), ("straal", "50"))
    by_distance = queries.page_of(filters, by_distance=True).hits
    assert [hit.activity.id for hit in by_distance] == [near.id, far.id]
    assert [hit.activity.id for hit in queries.page_of(filters).hits] == [far.id, near.id]
    assert by_distance[1].distance == pytest.approx(12.9, abs=0.5)


@pytest.mark.parametrize("postcode", ["6211", "9711", "4331", "7511"])
def test_the_border_of_a_radius_is_right_all_over_the_country(session, postcode):
    random, centre = Random(3), reference.postcode4(postcode)
    points = [(centre.lon + random.uniform(-0.5, 0.5), centre.lat + random.uniform(-0.3, 0.3)) for _ in range(60)]
    made = {make_activity(lon=lon, lat=lat).id: distance_km(centre.lon, centre.lat, lon, lat) for lon, lat in points}
    expected = {activity_id for activity_id, km in made.items() if km <= 20}
    near_border = {activity_id for activity_id, km in made.items() if abs(km - 20) < 0.03}
    assert set(ids(("postcode", postcode), ("straal", "20"))) - near_border == expected - near_border


def test_an_unknown_place_is_found_but_never_nearby(session):
    lost = make_activity(lon=None, lat=None, municipality_code=None, precision=Precision.UNKNOWN)
    assert ids() == [lost.id]
    assert ids(("postcode", "3511"), ("straal", "200")) == []


def test_of_a_home_only_the_town_is_told(session):
    home = make_activity(is_home=True, venue="Bij de familie Voorbeeld")
    told = queries.one_public(home.id)
    assert (told.venue, told.street, told.house_number, told.postcode, told.street_line) == ("", "", "", "", "")
    assert told.place_lines == ("Utrecht",)


def test_a_page_costs_the_same_statements_for_one_and_for_many(session):
    make_edition()
    organisation = make_organisation()
    make_activity(organisation=organisation)
    queries.page_of(Filters())
    with Statements() as for_one:
        queries.page_of(Filters())
    for _ in range(30):
        make_activity(organisation=organisation)
    with Statements() as for_many:
        page = queries.page_of(Filters())
        assert [hit.activity.organisation for hit in page.hits] == ["Buurthuis De Linde"] * queries.PAGE_SIZE
    assert for_many.count == for_one.count <= 8


def test_the_map_costs_two_statements(session):
    for _ in range(5):
        make_activity()
    with Statements() as of_map:
        queries.for_map(Filters())
    assert of_map.count == 2  # which edition, and which activities


def test_former_editions_stay_readable_one_by_one(session):
    old = make_activity(edition=make_edition(2026))
    assert queries.one_public(old.id).id == old.id
    assert queries.one_public(2**40) is None


def test_an_empty_search_says_what_to_loosen(session):
    make_activity(is_free=False)
    make_activity(is_free=False, theme="koffie")
    ways = queries.ways_out(search(("gratis", "1"), ("thema", "eten")))
    assert [(way.without.name, way.total) for way in ways] == [("gratis", 1)]


def test_an_empty_search_nearby_offers_to_look_farther(session):
    make_activity(lon=5.3, lat=52.1)
    ways = queries.ways_out(search(("postcode", "3511"), ("straal", "2")))
    assert {(way.without.name if way.without else "", way.filters.straal) for way in ways} == {("", 50.0), ("postcode", 10.0)}


def test_counts_by_day_leave_out_what_is_cancelled(session):
    activity = make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
    make_occurrence(activity, datetime(2027, 9, 30, 15, tzinfo=UTC))
    make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC), state=State.CANCELLED, cancelled_at=clock.now())
    days = queries.counts_by_day(date(2027, 9, 30), date(2027, 10, 1))
    assert days == {date(2027, 9, 30): 1, date(2027, 10, 1): 0}


def test_a_programme_lists_each_moment_under_its_day(session):
    activity = make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
    make_occurrence(activity, datetime(2027, 9, 30, 10, tzinfo=UTC) + timedelta(days=2))
    programme = queries.programme(Filters())
    assert [(day.isoformat(), len(moments)) for day, moments in programme] == [("2027-09-30", 1), ("2027-10-02", 1)]
