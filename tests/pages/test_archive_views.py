"""Former editions stay readable (product.md, rule 1)."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from tests.builders import make_activity, make_edition
from weekapp.activities.rules import State
from weekapp.db import transaction


@pytest.fixture(autouse=True)
def a_year_later(at):
    at(datetime(2027, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def former():
    """The path of an activity of the edition of 2026, while that of 2027 is to come."""
    with transaction():
        make_edition(2027)
        activity = make_activity("Oude soep", edition=make_edition(2026))
        make_activity("Nooit openbaar", edition=make_edition(2026), state=State.SUBMITTED, published_at=None)
        return f"/activiteiten/{activity.id}-oude-soep"


def test_the_archive_names_editions_that_are_over_with_how_much_there_was(client, former):
    html = client.get("/archief").text
    assert re.findall(r'href="/archief/(\d+)"', html) == ["2026"]
    assert "1 activiteit<" in html


def test_an_edition_leads_to_its_municipalities_and_those_to_its_activities(client, former):
    assert 'href="/archief/2026/utrecht"' in client.get("/archief/2026").text
    html = client.get("/archief/2026/utrecht").text
    assert f'href="{former}"' in html
    assert "Nooit openbaar" not in html


def test_an_activity_of_a_former_edition_stays_at_its_address_and_says_that_it_has_been(client, former):
    response = client.get(former)
    assert response.status_code == 200
    assert "Deze activiteit is geweest." in response.text
    assert "Oude soep" not in client.get("/activiteiten").text


@pytest.mark.parametrize("path", ["/archief/2027", "/archief/1999", "/archief/99999999", "/archief/2026/nergens"])
def test_what_is_not_over_or_never_was_is_not_in_the_archive(client, former, path):
    assert client.get(path).status_code == 404


def test_without_former_editions_the_archive_says_so(client):
    assert "Er zijn nog geen eerdere edities." in client.get("/archief").text


def test_search_engines_find_former_editions_too(client, former):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = {one.text for one in ElementTree.fromstring(client.get("/sitemap.xml").data).iter(f"{space}loc")}
    assert {f"http://127.0.0.1:8000{path}" for path in ("/archief", "/archief/2026", former)} <= found
