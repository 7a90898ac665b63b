"""Finding or making the organisation that somebody acts for."""

from tests.builders import make_organisation, make_user
from weekapp.organisations import queries
from weekapp.organisations.rules import Kind
from weekapp.organisations.service import organisation_for


def test_the_same_name_written_differently_is_the_organisation_that_the_person_has(session):
    user = make_user()
    known = make_organisation("Stichting De Linde", member=user)
    assert organisation_for("de linde", Kind.WELFARE, member=user) is known


def test_a_new_name_makes_an_organisation_with_the_person_as_member(session):
    user = make_user()
    organisation = organisation_for("Koor Allegro", Kind.VOLUNTEERS, member=user)
    assert (organisation.name, organisation.kind) == ("Koor Allegro", Kind.VOLUNTEERS)
    assert queries.of_member(user.id) == [organisation]


def test_the_name_of_somebody_elses_organisation_does_not_open_it(session):
    theirs = make_organisation("De Linde", member=make_user())
    stranger = make_user()
    assert organisation_for("De Linde", Kind.WELFARE, member=stranger) is not theirs
    assert theirs not in queries.of_member(stranger.id)
