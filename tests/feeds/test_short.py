"""Short addresses of feeds: of a municipality, a province, a theme, a group of people and an organisation."""

import html
import re
from datetime import UTC, datetime

import pytest

from tests.builders import make_activity, make_organisation, make_user
from tests.feeds.test_public_views import ENDINGS, TYPES, ids_in
from weekapp.activities.filters import Filters, municipality_by_slug, province_by_slug
from weekapp.activities.rules import Audience, State, Theme
from weekapp.activities.short import feed_address
from weekapp.db import transaction

LONGEST = 256  # characters; Google drops longer ones silently (calendar-feeds.md, section 3)
HOST = "http://127.0.0.1:8000"
SHORT = {
    "/gemeenten/utrecht": "gemeente=utrecht",
    "/provincies/utrecht": "provincie=utrecht",
    "/provincies/noord-brabant": "provincie=noord-brabant",
    "/themas/eten": "thema=eten",
    "/themas/koffie": "thema=koffie",
    "/doelgroepen/ouderen": "doelgroep=ouderen",
}


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


@pytest.fixture
def some(app):
    """Activities that differ in all that has a short address."""
    with transaction():
        make_activity()
        make_activity(theme=Theme.COFFEE, audiences=("ouderen", "jongeren"))
        make_activity(municipality_code="GM0796", town="'s-Hertogenbosch", theme=Theme.COFFEE)
        make_activity(municipality_code="GM0307", town="Amersfoort", is_free=False)


def organisation(name="Buurthuis De Linde", **more):
    with transaction():
        member = make_user()
        found = make_organisation(name, member=member)
        return found.id, make_activity(organisation=found, initiator=member, **more).id


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("start", SHORT)
def test_a_short_address_holds_what_the_search_holds(client, some, start, ending):
    short, long = client.get(f"{start}.{ending}"), client.get(f"/activiteiten.{ending}?{SHORT[start]}")
    assert short.content_type == TYPES[ending]
    assert ids_in(ending, short) == ids_in(ending, long)


def test_every_short_address_answers(client, some):
    addresses = [f"/themas/{theme}.ics" for theme in Theme] + [f"/doelgroepen/{audience}.ics" for audience in Audience]
    addresses += {feed_address("ics", Filters(provincie=(name,))) for name in province_by_slug().values()}
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
    assert len(addresses) == len(Theme) + len(Audience) + 12


def test_no_short_address_is_too_long_for_a_calendar(client):
    every = [feed_address("geojson", Filters(gemeente=(row,))) for row in municipality_by_slug().values()]
    number, _ = organisation("Vereniging " + "Ontmoeting " * 9)
    every.append(re.search(r"webcal://[^/]+(/organisaties/[^\"]+)", client.get("/activiteiten/1", follow_redirects=True).text)[1])
    assert f"/organisaties/{number}-" in every[-1]
    assert max(len(f"https://www.kom-erbij.example{address}") for address in every) <= LONGEST


def test_a_short_address_takes_further_filters_and_names_them_in_its_source(client, some):
    response = client.get("/provincies/utrecht.ics?gratis=1")
    assert len(ids_in("ics", response)) == 2
    assert f"SOURCE;VALUE=URI:{HOST}/provincies/utrecht.ics?gratis=1\r\n" in response.text.replace("\r\n ", "")


@pytest.mark.parametrize(
    "address", ["/provincies/utrecht.json?provincie=limburg", "/themas/eten.json?thema=koffie", "/gemeenten/ede.json?gemeente=ede"]
)
def test_what_the_address_says_cannot_be_asked_once_more(client, address):
    response = client.get(address)
    assert (response.status_code, response.content_type) == (400, "application/problem+json")


def test_everything_wrong_with_a_short_address_is_told_at_once(client):
    fields = {error["field"] for error in client.get("/themas/eten.ics?dag=morgen&kleur=rood").get_json()["errors"]}
    assert fields == {"dag", "kleur"}


@pytest.mark.parametrize(
    "address",
    [
        "/provincies/atlantis.ics",
        "/themas/zwemmen.ics",
        "/themas/eten.xml",
        "/themas/eten.ics/",
        "/themas/eten",
        "/doelgroepen/iedereen.pdf",
        "/organisaties/999-buurthuis.ics",
        "/organisaties/99999999999-buurthuis.ics",
        "/organisaties/buurthuis.ics",
    ],
)
def test_what_is_not_there_is_404(client, address):
    assert client.get(address).status_code == 404


def test_the_other_name_of_a_province_leads_to_its_address(client):
    response = client.get("/provincies/friesland.ics?gratis=1")
    assert (response.status_code, response.location) == (301, "/provincies/fryslan.ics?gratis=1")


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_organisation_has_its_own_feeds(client, some, ending):
    number, activity = organisation()
    assert ids_in(ending, client.get(f"/organisaties/{number}-buurthuis-de-linde.{ending}")) == {activity}


def test_an_old_name_of_an_organisation_leads_to_the_new_one(client):
    number, _ = organisation()
    response = client.get(f"/organisaties/{number}-de-oude-naam.ics")
    assert (response.status_code, response.location) == (301, f"/organisaties/{number}-buurthuis-de-linde.ics")


def test_an_organisation_of_which_nothing_was_public_is_not_there(client):
    number, _ = organisation(state=State.SUBMITTED, published_at=None)
    assert client.get(f"/organisaties/{number}-buurthuis-de-linde.ics").status_code == 404


def test_a_feed_of_an_organisation_names_nobody(client):
    with transaction():
        member = make_user(name="Jannie Voorbeeld", email="jannie@voorbeeld.nl")
        found = make_organisation(member=member)
        make_activity(organisation=found, initiator=member)
        number = found.id
    for ending in ENDINGS:
        assert "annie" not in client.get(f"/organisaties/{number}-buurthuis-de-linde.{ending}").text


@pytest.mark.parametrize("path", ["/activiteiten", "/kaart"])
@pytest.mark.parametrize("query", ["", "thema=eten", "gemeente=utrecht&gratis=1", "dag=2027-10-03"])
def test_the_page_of_every_search_offers_its_feed_for_an_app_and_to_copy(client, some, path, query):
    page = html.unescape(client.get(f"{path}?{query}").text)
    short = {"thema=eten": "/themas/eten.ics"}.get(query, f"/activiteiten.ics?{query}".rstrip("?"))
    assert f'href="webcal://127.0.0.1:8000{short}"' in page
    assert f"<code>{HOST}{short}</code>" in page


@pytest.mark.parametrize("query", ["thema=eten&thema=koffie", "thema=eten&gratis=1", "q=soep", ""])
def test_a_search_for_more_than_one_thing_has_no_short_address(client, query):
    page = html.unescape(client.get(f"/activiteiten?{query}").text)
    assert f"<code>{HOST}/activiteiten.ics" in page
