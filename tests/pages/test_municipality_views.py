import re
from datetime import UTC, datetime
from html import unescape

import pytest

from tests.builders import make_activity, make_edition, make_occurrence
from weekapp.db import db, transaction
from weekapp.geography.models import Municipality


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 8, 1, 12, tzinfo=UTC))


def test_all_municipalities_are_there_by_province(client):
    html = client.get("/gemeenten").text
    assert len(re.findall(r'<li><a href="/gemeenten/', html)) == 342
    assert len(re.findall("<h2>", html)) == 12


def test_a_municipality_with_activities_shows_how_many(client):
    with transaction():
        make_activity()
    html = client.get("/gemeenten").text
    assert re.search(r'>Utrecht</a> <span class="count">1<', html)
    assert html.count('class="count"') == 1


def test_the_box_finds_part_of_a_name_whatever_its_accents(client):
    html = client.get("/gemeenten?zoek=sudwest").text
    assert "Súdwest-Fryslân" in html
    assert 'data-aantal="1"' in html


def test_the_box_knows_former_names(client):
    assert "Weesp is geen gemeente meer." in client.get("/gemeenten?zoek=Weesp").text


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Loosdrecht", "Wijdemeren"), ("Den Bosch", "'s-Hertogenbosch"), ("Nijmegn", "Nijmegen"), ("bergen", "Bergen (NH)")],
)
def test_the_box_knows_villages_other_names_and_typos(client, typed, name):
    html = unescape(client.get("/gemeenten", query_string={"zoek": typed}).text)
    assert f">{name}</a>" in html
    assert 'data-aantal="0"' not in html


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("Utrecht", 301, "/gemeenten/utrecht"),
        ("GM0344", 301, "/gemeenten/utrecht"),
        ("gm0344", 301, "/gemeenten/utrecht"),
        ("den-bosch", 301, "/gemeenten/s-hertogenbosch"),
        ("s-gravenhage", 301, "/gemeenten/den-haag"),
        ("Súdwest Fryslân", 301, "/gemeenten/sudwest-fryslan"),
        ("bergen", 302, "/gemeenten?zoek=bergen"),
        ("loosdrecht", 302, "/gemeenten?zoek=loosdrecht"),
        ("nergens", 404, None),
        ("nijmegn", 404, None),
    ],
)
def test_an_address_with_another_name_of_a_municipality_leads_to_it(client, path, status, target):
    response = client.get(f"/gemeenten/{path}")
    assert (response.status_code, response.location) == (status, target)


def test_who_looks_for_a_village_reads_where_it_belongs(client):
    assert "Loosdrecht hoort bij Wijdemeren." in client.get("/gemeenten?zoek=loosdrecht").text
    assert "hoort bij" not in client.get("/gemeenten?zoek=utrecht").text


def test_the_programme_is_by_day(client):
    with transaction():
        activity = make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
        make_occurrence(activity, datetime(2027, 10, 2, 10, tzinfo=UTC))
    html = client.get("/gemeenten/utrecht").text
    assert re.findall(r'class="programme-day">([^<]+)<', html) == ["donderdag 30 september", "zaterdag 2 oktober"]
    assert 'data-aantal="1"' in html


def test_there_is_an_address_to_subscribe_and_one_to_copy(client):
    html = client.get("/gemeenten/utrecht").text
    assert 'href="webcal://127.0.0.1:8000/gemeenten/utrecht.ics"' in html
    assert ">http://127.0.0.1:8000/gemeenten/utrecht.ics</code>" in html


def test_one_without_activities_says_how_to_start(client):
    with transaction():
        make_edition()
    html = client.get("/gemeenten/vlieland").text
    assert "Begin zelf iets" in html
    assert 'href="/meedoen"' in html


def test_one_may_give_the_week_its_own_name(client):
    with transaction():
        municipality = db.session.get(Municipality, "GM0344")
        municipality.local_name, municipality.introduction = "Week van de Ontmoeting", "Fijn dat je kijkt."
        make_activity()
    html = client.get("/gemeenten/utrecht").text
    assert "<h1>Week van de Ontmoeting</h1>" in html
    assert "Fijn dat je kijkt." in html


def test_a_former_municipality_leads_to_the_one_that_took_its_place(client):
    response = client.get("/gemeenten/weesp")
    assert (response.status_code, response.location) == (301, "/gemeenten/amsterdam")


def test_one_that_was_split_offers_a_choice(client):
    html = client.get("/gemeenten/winsum").text
    assert "Winsum is geen gemeente meer" in html
    assert len(re.findall(r'<h2><a href="/gemeenten/', html)) == 2


@pytest.mark.parametrize("path", ["/gemeenten/atlantis", "/gemeenten/utrecht/", "/gemeenten/GM9999", "/gemeenten/"])
def test_what_is_not_there_is_404(client, path):
    assert client.get(path).status_code == 404


def test_the_list_comes_before_the_map_and_the_map_has_the_same_search(client):
    with transaction():
        make_activity()
    html = client.get("/gemeenten/utrecht").text
    assert html.index('class="programme"') < html.index('data-geojson="/activiteiten.geojson?gemeente=utrecht"')


def test_without_activities_no_map_is_loaded(client):
    assert "leaflet" not in client.get("/gemeenten/vlieland").text


def test_the_programme_can_be_printed_small_and_large_by_day_and_by_neighbourhood(client):
    with transaction():
        make_activity()
    html = client.get("/gemeenten/utrecht").text
    for paper in ("a5", "a3"):
        for per in ("", "?per=buurt"):
            path = f"/gemeenten/utrecht/programma-{paper}.pdf{per}"
            assert f'href="{path}"' in html
            assert client.get(path).content_type == "application/pdf"


def test_calendars_that_are_a_website_get_the_address_that_they_understand(client):
    html = client.get("/gemeenten/utrecht").text
    assert "calendar.google.com/calendar/render?cid=webcal%3A%2F%2F127.0.0.1%3A8000%2Fgemeenten%2Futrecht.ics" in html
    assert "outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2F127.0.0.1%3A8000%2Fgemeenten%2Futrecht.ics" in html


def test_the_code_to_embed_shows_the_map_of_this_municipality(client):
    html = client.get("/gemeenten/utrecht").text
    assert "&lt;iframe src=&#34;http://127.0.0.1:8000/kaart/insluiten?gemeente=utrecht&#34;" in html
