import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

import weekapp
from tests.builders import make_activity
from weekapp.db import transaction
from weekapp.map.skeleton import drawings, skeleton


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def fill(*places):
    with transaction():
        return [make_activity(f"Soep in {town}", town=town, lon=lon, lat=lat).id for town, lon, lat in places]


def test_the_list_stands_before_the_map(client):
    fill(("Utrecht", 5.1, 52.1))
    html = client.get("/kaart").text
    assert html.index('class="map-list"') < html.index(f'id="{skeleton("").element}"')


def test_the_map_asks_for_the_same_search(client):
    html = client.get("/kaart?gratis=1&dag=2027-09-30").text
    assert 'data-geojson="/activiteiten.geojson?dag=2027-09-30&amp;gratis=1"' in html
    assert 'data-list="/activiteiten?dag=2027-09-30&amp;gratis=1"' in html


def test_there_is_no_inline_script_or_style(client):
    for path in ("/kaart", "/kaart/insluiten"):
        html = client.get(path).text
        assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
        assert "<style" not in html
        assert " style=" not in html


def test_the_texts_of_the_script_come_from_the_page(client):
    texts = json.loads(unescape(re.search(r'data-texts="([^"]*)"', client.get("/kaart").text)[1]))
    assert texts["here"] == "%s activiteiten op deze plek"
    script = (Path(weekapp.__file__).parent / "static" / "map.js").read_text()
    used = set(re.findall(r"\btexts\.(\w+)", script))
    assert used == set(texts)


def test_what_has_no_known_place_is_in_the_list_and_said_to_be_missing_on_the_map(client):
    fill(("Utrecht", 5.1, 52.1), ("Nergens", None, None))
    html = client.get("/kaart").text
    assert 'data-aantal="2"' in html
    assert "1 activiteit staat niet op de kaart." in html


def test_a_wrong_filter_shows_no_map_and_no_list(client):
    fill(("Utrecht", 5.1, 52.1))
    html = client.get("/kaart?kleur=rood").text
    assert 'data-aantal="0"' in html
    assert "data-id" not in html
    assert "<script" not in html


def test_only_the_small_map_and_list_may_be_framed(client):
    for path in ("/kaart/insluiten", "/activiteiten/insluiten", "/activiteiten/insluiten?kleur=rood"):
        framed = client.get(path)
        assert framed.status_code == 200
        assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in framed.headers
        assert "Set-Cookie" not in framed.headers
    for path in ("/kaart", "/activiteiten", "/kaart/insluiten/x"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"


def test_links_in_a_frame_open_outside_it(client):
    fill(("Utrecht", 5.1, 52.1))
    for path in ("/kaart/insluiten", "/activiteiten/insluiten"):
        links = re.findall(r"<a [^>]*>", client.get(path).text)
        assert len(links) == 2
        assert all('target="_blank"' in link for link in links)


@pytest.mark.parametrize(
    ("query", "focus"),
    [("gemeente=utrecht", (5.1, 52.1)), ("postcode=9711", (6.57, 53.22)), ("bbox=6,53,7,54", (6.5, 53.5)), ("gratis=1", None)],
)
def test_a_search_that_finds_nothing_still_looks_at_its_place(client, query, focus):
    found = re.search(r'data-focus="([^"]*)"', client.get(f"/kaart/insluiten?{query}").text)
    if focus is None:
        assert found is None
        return
    west, south, east, north = map(float, found[1].split(","))
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx(focus, abs=0.05)


def test_who_moves_the_map_keeps_the_other_filters_there(client):
    html = client.get("/kaart?q=soep&postcode=3511&straal=5").text
    assert re.search(r'id="zoek-hier" hidden[^>]*>.*?<a class="btn btn-primary" href="/kaart\?q=soep">Zoek in dit gebied</a>', html)


def test_files_of_the_map_are_kept_for_ever_and_only_under_their_own_address(client):
    made = skeleton("")
    for path in (f"/kaart/skelet-{made.digest}.js", *(drawing.path for drawing in drawings().values())):
        response = client.get(path)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]
    for path in ("/kaart/skelet-000000000000.js", "/kaart/omtrek-000000000000.geojson", "/kaart/geheim-000000000000.geojson"):
        assert client.get(path).status_code == 404


def test_a_reader_of_the_list_does_not_pay_for_the_map(client):
    """Look and scripts that /kaart needs before the map is seen are a few kilobytes; the rest waits in the data of the map's element."""
    html = client.get("/kaart").text
    files = re.findall(r'<(?:link rel="stylesheet" href|script defer src)="([^"]+)"', html)
    assert sum(len(client.get(path, headers={"Accept-Encoding": "gzip"}).data) for path in files) < 20_000
    assert not any("leaflet" in path or "skelet" in path for path in files)
    assert re.search(r'data-scripts="[^"]*leaflet\.js [^"]*map\.js', html)
