import html
import re
from datetime import UTC, datetime

import pytest

from tests.builders import make_activity
from weekapp.api.parameters import OF_ACTIVITIES
from weekapp.db import transaction


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def test_every_address_on_the_page_works(client):
    with transaction():
        make_activity()
    page = html.unescape(client.get("/open-data").text)
    addresses = {one.replace("webcal:", "http:") for one in re.findall(r"(?:http|webcal)://127\.0\.0\.1:8000[^\s\"<]*", page)}
    assert len(addresses) >= 6
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_examples_are_those_of_the_chosen_municipality(client):
    page = html.unescape(client.get("/open-data?gemeente=s-hertogenbosch").text)
    assert "gemeentecode=GM0796" in page
    assert "/gemeenten/s-hertogenbosch.ics" in page
    assert "GM0344" not in page.partition('id="filters"')[0]


def test_an_unknown_municipality_is_explained(client):
    page = client.get("/open-data?gemeente=atlantis").text
    assert 'role="alert"' in page
    assert "<title>Fout: " in page


def test_pieces_to_copy_stand_on_the_page_as_text(client):
    page = client.get("/open-data").text
    assert "&lt;iframe src=&#34;" in page
    assert "<iframe" not in page
    assert page.count("<script") == 0


def test_every_filter_is_explained_with_an_example_that_works(client):
    with transaction():
        make_activity()
    page = html.unescape(client.get("/open-data").text)
    for one in OF_ACTIVITIES:
        assert f"{one.name}={one.example}<" in page
        more = "&postcode=3511" if one.name == "straal" else ""
        assert client.get(f"/api/v1/activiteiten?{one.name}={one.example}{more}").status_code == 200, one.name


def test_the_foot_of_each_page_leads_to_it(client):
    assert 'href="/open-data"' in client.get("/").text
