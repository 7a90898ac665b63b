"""Person x route: whose activity it is decides, and another one's looks as if it did not exist (SEC-19)."""

import pytest

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_organisation, make_package, make_user, sign_in
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.organisations.models import Membership

PAGES = (
    "/mijn/activiteiten/{id}",
    "/mijn/activiteiten/{id}/wijzigen",
    "/mijn/activiteiten/{id}/gaat-niet-door",
    "/mijn/activiteiten/{id}/momenten/{moment}/gaat-niet-door",
    "/mijn/activiteiten/{id}/aanmeldingen",
    "/bestellen/{id}",
)
PEOPLE = {"initiator": 200, "colleague": 200, "stranger": 404, "moderator": 404, "nobody": 303}


@pytest.fixture
def activity(app):
    """A public activity of an organisation of two people."""
    with transaction():
        make_package(edition=make_edition())
        initiator, colleague = make_user("initiator"), make_user("initiator")
        organisation = make_organisation(member=initiator)
        db.session.add(Membership(user_id=colleague.id, organisation_id=organisation.id, since=organisation.created_at))
        found = make_activity(initiator=initiator, organisation=organisation, takes_sign_ups=True)
        people = {"initiator": initiator, "colleague": colleague, "stranger": make_user("initiator")}
        people["moderator"] = make_user("initiator", "moderator")
        db.session.flush()
        return found.id, found.occurrences[0].id, people


def as_person(client, person, people):
    if person in people:
        sign_in(client, people[person])


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_its_own_people_only(client, activity, person, page):
    activity_id, moment_id, people = activity
    as_person(client, person, people)
    assert client.get(page.format(id=activity_id, moment=moment_id)).status_code == PEOPLE[person]


@pytest.mark.parametrize("person", ["stranger", "moderator"])
@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_can_send_its_forms(client, activity, person, page):
    activity_id, moment_id, people = activity
    as_person(client, person, people)
    fields = hidden_fields(client.get("/mijn").text)
    answer = client.post(page.format(id=activity_id, moment=moment_id), data=fields | {"reason": "Zomaar.", "what": "niet"})
    assert answer.status_code in {404, 405}
    with transaction():
        assert db.session.get(Activity, activity_id).state == "published"


@pytest.mark.parametrize("page", PAGES)
def test_an_id_that_does_not_exist_looks_the_same(client, activity, page):
    _activity_id, moment_id, people = activity
    as_person(client, "initiator", people)
    assert client.get(page.format(id=987654, moment=moment_id)).status_code == 404
