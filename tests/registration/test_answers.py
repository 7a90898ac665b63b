"""Answers keep their meaning on the way through JSON."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from weekapp.activities.rules import Audience, Theme
from weekapp.geography.rules import Precision
from weekapp.organisations.rules import Kind
from weekapp.registration.answers import AboutActivity, AboutPackage, AboutPlace, AboutYou, Address, Answers, Moment
from weekapp.registration.rules import Again, Step

ACTIVITY = AboutActivity(
    title="Soep",
    description="We eten\n\nsoep.",
    theme=Theme.EATING,
    audiences=(Audience.OLDER, Audience.YOUNG),
    expected_visitors=40,
    is_free=False,
    cost="2 euro",
    can_come_alone=True,
    wheelchair=False,
    hearing_loop=True,
    sign_up_needed=False,
)
HERE = Address(
    postcode="3511 LX", house_number=12, letter="A", addition="bis", street="Voorbeeldstraat", town="Utrecht", municipality_code="GM0344",
    lon=5.1, lat=52.1, precision=Precision.PC4, bag_id="",
)  # fmt: skip
PLACE = AboutPlace(
    venue="De Linde", address=HERE, is_home=True, moments=(Moment(day=date(2027, 9, 30), begins=time(10), ends=time(12, 30)),)
)
YOU = AboutYou(organisation="De Linde", kind=Kind.WELFARE, name="Noor", email="noor@voorbeeld.nl", phone="+31612345678")
PACKAGE = AboutPackage(
    wanted=True, quantity=2, elsewhere=replace(HERE, house_number=13), attention="Noor", again=Again.BRANCH, branch="Jeugd"
)
PARTS = {Step.ACTIVITY: ACTIVITY, Step.PLACE: PLACE, Step.YOU: YOU, Step.PACKAGE: PACKAGE}


def stored(*steps):
    return json.loads(json.dumps({step: PARTS[step].to_json() for step in steps}))


def test_all_answers_come_back_as_they_were():
    assert Answers.from_json(stored(*PARTS)) == Answers(activity=ACTIVITY, place=PLACE, you=YOU, package=PACKAGE)


@pytest.mark.parametrize(
    ("given", "following"),
    [((), Step.ACTIVITY), ((Step.ACTIVITY,), Step.PLACE), ((Step.ACTIVITY, Step.YOU), Step.PLACE), (tuple(PARTS), Step.CHECK)],
)
def test_the_way_leads_to_the_first_gap(given, following):
    assert Answers.from_json(stored(*given)).next_step is following


def test_a_step_opens_when_all_before_it_are_answered():
    answers = Answers.from_json(stored(Step.ACTIVITY))
    assert [answers.may_open(step) for step in Step] == [True, True, False, False, False]


def test_the_package_goes_to_the_activity_unless_it_goes_elsewhere():
    assert Answers(place=PLACE, package=PACKAGE).delivery_address.house_number == 13
    assert Answers(place=PLACE, package=replace(PACKAGE, elsewhere=None)).delivery_address == HERE
    assert Answers(place=PLACE).delivery_address == HERE


def test_a_moment_knows_its_instants():
    assert PLACE.moments[0].instants == (datetime(2027, 9, 30, 8, tzinfo=UTC), datetime(2027, 9, 30, 10, 30, tzinfo=UTC))


def test_an_address_stands_on_one_line():
    assert HERE.line == "Voorbeeldstraat 12A bis"
    assert replace(HERE, letter="", addition="").line == "Voorbeeldstraat 12"
