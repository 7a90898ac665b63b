"""Person x route: whose activity it is decides, and another one's looks as if it did not exist (SEC-19)."""

from dataclasses import dataclass

import pytest

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_order, make_organisation, make_package, make_user, sign_in
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.orders.models import Order
from weekapp.organisations import service as organisations
from weekapp.organisations.models import Invitation, Membership
from weekapp.registration import colleagues

PAGES = (
    "/mijn/activiteiten/{id}",
    "/mijn/activiteiten/{id}/wijzigen",
    "/mijn/activiteiten/{id}/gaat-niet-door",
    "/mijn/activiteiten/{id}/momenten/{moment}/gaat-niet-door",
    "/mijn/activiteiten/{id}/aanmeldingen",
    "/bestellen/{id}",
    "/mijn/bestellingen/{order}/wijzigen",
    "/mijn/organisaties/{organisation}",
    "/mijn/organisaties/{organisation}/weggaan",
)
PEOPLE = {
    "initiator": 200,
    "colleague": 200,
    "former colleague": 404,
    "former initiator": 404,
    "other organisation": 404,
    "stranger": 404,
    "moderator": 404,
    "nobody": 303,
}
OUTSIDERS = [person for person, status in PEOPLE.items() if status == 404]
POSTS = (
    "/mijn/activiteiten/{id}/gaat-door",
    "/mijn/activiteiten/{id}/opnieuw",
    "/mijn/bestellingen/{order}/annuleren",
    "/mijn/organisaties/{organisation}",
    "/mijn/organisaties/{organisation}/weggaan",
    "/mijn/organisaties/{organisation}/collegas/{colleague}/weghalen",
    "/mijn/organisaties/{organisation}/uitnodigingen/{invitation}/intrekken",
)


@dataclass
class Scene:
    """What the addresses name, and who may ask for them."""

    names: dict[str, int]
    people: dict[str, User]


@pytest.fixture
def scene(app):
    """A public activity of an organisation of two people, whose first initiator and a third colleague have gone."""
    with transaction():
        make_package(edition=make_edition())
        people = {name: make_user("initiator") for name in (*PEOPLE, "invited") if name not in {"nobody", "moderator"}}
        people["moderator"] = make_user("initiator", "moderator")
        first = people["former initiator"]
        organisation = make_organisation(member=first)
        found = make_activity(initiator=first, organisation=organisation, takes_sign_ups=True)
        make_activity("Van een ander", initiator=people["other organisation"], organisation=make_organisation("Een ander"))
        for name in ("initiator", "colleague", "former colleague"):
            db.session.add(Membership(user_id=people[name].id, organisation_id=organisation.id, since=organisation.created_at))
        db.session.flush()
        order = make_order(activity=make_activity("Met pakket", initiator=first, organisation=organisation))
        colleagues.leave(organisation, by=first)
        colleagues.remove(organisation, people["former colleague"], by=people["initiator"])
        invitation = organisations.invite(organisation, "nieuw@voorbeeld.nl", by=people["initiator"])
        db.session.flush()
        names = {"id": found.id, "moment": found.occurrences[0].id, "order": order.id, "organisation": organisation.id}
        return Scene(names | {"colleague": people["colleague"].id, "invitation": invitation.id}, people)


def as_person(client, person, people):
    if person in people:
        sign_in(client, people[person])


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_its_own_people_only(client, scene, person, page):
    as_person(client, person, scene.people)
    assert client.get(page.format(**scene.names)).status_code == PEOPLE[person]


@pytest.mark.parametrize("person", OUTSIDERS)
@pytest.mark.parametrize("page", [*PAGES, *POSTS])
def test_nobody_else_can_send_its_forms(client, scene, person, page):
    as_person(client, person, scene.people)
    fields = hidden_fields(client.get("/mijn").text)
    answer = client.post(page.format(**scene.names), data=fields | {"reason": "Zomaar.", "what": "niet", "email": "ander@voorbeeld.nl"})
    assert answer.status_code in {404, 405}
    with transaction():
        assert db.session.get(Activity, scene.names["id"]).state == "published"
        assert db.session.get(Order, scene.names["order"]).state == "received"
        assert db.session.get(Membership, (scene.names["colleague"], scene.names["organisation"])) is not None
        assert db.session.get(Invitation, scene.names["invitation"]).email == "nieuw@voorbeeld.nl"


@pytest.mark.parametrize("page", PAGES)
def test_an_id_that_does_not_exist_looks_the_same(client, scene, page):
    as_person(client, "initiator", scene.people)
    assert client.get(page.format(**(scene.names | {"id": 987654, "organisation": 987654, "order": 987654}))).status_code == 404


@pytest.mark.parametrize("person", OUTSIDERS)
def test_the_list_of_nobody_else_shows_it(client, scene, person):
    as_person(client, person, scene.people)
    page = client.get("/mijn").text
    assert "Samen soep eten" not in page
    assert "Met pakket" not in page
