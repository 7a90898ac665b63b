import json
import re
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlencode

import pytest

from tests.activities.searches import fill, random_pairs
from tests.builders import make_activity, make_edition
from weekapp.activities.rules import State
from weekapp.api.openapi import API_VERSION
from weekapp.api.parameters import API_NAMES, spelled
from weekapp.db import transaction
from weekapp.editions import service as editions

LISTS = ("/api/v1/activiteiten", "/api/v1/gemeenten", "/api/v1/edities", "/api/v1/openapi.json")
GEO = {"Accept": "application/geo+json"}


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def made(**more):
    with transaction():
        return make_activity(**more).id


def in_words_of_api(pairs):
    """A search of the site as the API is asked for it."""
    return [(API_NAMES[name], spelled(name, text)) for name, text in pairs]


def ids(client, query=""):
    """The ids on all pages, by following `next`."""
    found, address = [], f"/api/v1/activiteiten?{query}"
    while address:
        response = client.get(address)
        assert response.status_code == 200, (address, response.text)
        body = response.get_json()
        found += [row["id"] for row in body["activiteiten"]]
        address = body["links"]["next"]
    assert len(found) == body["totaal"]
    return found


def fields(response):
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    body = response.get_json()
    assert {"status", "title", "detail"} <= set(body)
    return {error["field"] for error in body["errors"]}


def test_the_api_finds_the_same_set_as_the_feeds_for_random_searches(client):
    with transaction():
        make_edition()
        fill(60)
    random, sizes = Random(7), []
    for _ in range(40):
        pairs = random_pairs(random)
        expected = {row["id"] for row in client.get(f"/activiteiten.json?{urlencode(pairs)}").get_json()}
        found = ids(client, urlencode([*in_words_of_api(pairs), ("paginagrootte", "7")]))
        assert (set(found), len(found)) == (expected, len(expected)), pairs
        sizes.append(len(found))
    assert sum(size > 0 for size in sizes) > 10


def test_pages_follow_each_other_by_id_with_links_in_body_and_header(client):
    numbers = [made() for _ in range(5)]
    first = client.get("/api/v1/activiteiten?paginagrootte=2&thema=eten")
    second = client.get(first.get_json()["links"]["next"])
    links = second.get_json()["links"]
    assert [row["id"] for row in second.get_json()["activiteiten"]] == numbers[2:4]
    assert links["prev"] == "http://127.0.0.1:8000/api/v1/activiteiten?thema=eten&paginagrootte=2"
    assert f'<{links["next"]}>; rel="next"' in second.headers["Link"]
    assert f'<{links["prev"]}>; rel="prev"' in second.headers["Link"]
    assert first.get_json()["links"]["prev"] is client.get(links["next"]).get_json()["links"]["next"] is None


def test_a_page_past_the_end_is_empty_and_leads_back(client):
    made()
    body = client.get("/api/v1/activiteiten?pagina=9").get_json()
    assert (body["activiteiten"], body["totaal"], body["links"]["next"]) == ([], 1, None)
    assert client.get(body["links"]["prev"]).get_json()["activiteiten"]


def test_an_activity_has_its_id_page_and_times_in_utc(client):
    number = made(starts=datetime(2027, 9, 30, 8, tzinfo=UTC))
    body = client.get(f"/api/v1/activiteiten/{number}").get_json()
    assert (body["id"], body["url"]) == (number, f"http://127.0.0.1:8000/activiteiten/{number}-samen-soep-eten")
    assert body["momenten"][0]["begin"] == "2027-09-30T08:00:00Z"
    assert body == client.get("/api/v1/activiteiten").get_json()["activiteiten"][0]


def test_a_home_keeps_its_address_to_itself(client):
    number = made(is_home=True, venue="Bij Truus", street="Geheimstraat")
    text = client.get(f"/api/v1/activiteiten/{number}").text
    assert not re.search(r"Geheimstraat|Truus|3511 LX|persoon", text)


@pytest.mark.parametrize("number", ["0", "01", "999999", "9" * 300, "9" * 1900, "-1", "1.0", "x", "%00", "1%20OR%201=1", "%F0%9F%92%A9"])
def test_a_number_that_is_no_activity_is_404(client, number):
    made()
    response = client.get(f"/api/v1/activiteiten/{number}")
    assert (response.status_code, response.content_type) == (404, "application/problem+json")


def test_what_is_not_public_is_404(client):
    number = made(state=State.SUBMITTED)
    assert client.get(f"/api/v1/activiteiten/{number}").status_code == 404
    assert ids(client) == []


def test_municipalities_tell_how_much_there_is_to_do(client):
    made()
    body = client.get("/api/v1/gemeenten").get_json()
    utrecht = next(row for row in body["gemeenten"] if row["code"] == "GM0344")
    assert body["totaal"] == len(body["gemeenten"]) > 300
    assert (utrecht["naam"], utrecht["aantalActiviteiten"]) == ("Utrecht", 1)
    assert utrecht == client.get("/api/v1/gemeenten/GM0344").get_json()
    assert client.get(utrecht["agenda"]).status_code == client.get(utrecht["url"]).status_code == 200


@pytest.mark.parametrize("code", ["GM9999", "gm0344", "utrecht", "GM0344'--", "GM0344%00", "G" * 1900])
def test_a_code_that_is_no_municipality_is_404(client, code):
    assert client.get(f"/api/v1/gemeenten/{code}").status_code == 404


def test_editions_have_days_without_a_time(client):
    with transaction():
        make_edition(2026)
        make_edition(2027)
    rows = client.get("/api/v1/edities").get_json()["edities"]
    assert [(row["jaar"], row["eersteDag"], row["huidig"]) for row in rows] == [(2027, "2027-09-30", True), (2026, "2026-09-30", False)]


def test_all_that_is_wrong_is_told_at_once_under_its_own_name(client):
    query = "datumVanaf=morgen&gemeentecode=Utrecht&kleur=rood&pagina=0&paginagrootte=501&gratis=ja&zonderAanmelden=1&formaat=xml&straal=5"
    wrong = {"datumVanaf", "gemeentecode", "kleur", "pagina", "paginagrootte", "gratis", "zonderAanmelden", "formaat", "postcode"}
    assert fields(client.get(f"/api/v1/activiteiten?{query}")) == wrong


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "soep"),  # the name on the site
        ("gemeente", "utrecht"),
        ("gemeentecode", "GM0344' OR 1=1 --"),
        ("gemeentecode", "GM9999"),
        ("gemeentecode", ""),
        ("provincie", "beieren"),
        ("thema", "eten;DROP TABLE activity"),
        ("datumTot", "9999999999-01-01"),
        ("dag", "2027-02-30"),
        ("postcode", "99999999999999999999"),
        ("straal", "1e308"),
        ("bbox", "1,2,3"),
        ("bbox", "NaN,0,1,1"),
        ("pagina", "9" * 1000),
        ("pagina", "1.0"),
        ("pagina", "٣"),
        ("paginagrootte", "-1"),
        ("zoek", "soep\0"),
        ("zoek", "a" * 500),
        ("zoek", "?"),
        ("zo\0ek", "soep"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(client, name, value):
    made()
    asked = {name: value} | ({"postcode": "3511"} if name == "straal" else {})
    assert fields(client.get("/api/v1/activiteiten", query_string=asked)) == {name.replace("\0", "")}


def test_text_that_looks_like_sql_is_only_text(client):
    made()
    assert ids(client, urlencode({"zoek": "' OR 1=1; DROP TABLE activity; --"})) == []
    assert len(ids(client)) == 1


@pytest.mark.parametrize("query", ["zoek=" + "a" * 10_000, "thema=eten&" * 1000, "%00" * 3000])
def test_a_question_of_ten_thousand_signs_is_refused(client, query):
    assert fields(client.get(f"/api/v1/activiteiten?{query}"))


@pytest.mark.parametrize("path", [*LISTS[1:], "/api/v1/gemeenten/GM0344"])
def test_other_lists_take_no_filters(client, path):
    assert fields(client.get(f"{path}?pagina=1")) == {"pagina"}


@pytest.mark.parametrize("path", [*LISTS, "/api/v1/gemeenten/GM0344"])
def test_a_slash_at_the_end_is_404(client, path):
    assert client.get(path).status_code == 200
    assert client.get(f"{path}/").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", LISTS)
def test_nothing_can_be_changed(client, path, method):
    response = client.open(path, method=method)
    assert (response.status_code, response.content_type) == (405, "application/problem+json")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers["API-Version"] == API_VERSION


@pytest.mark.parametrize(
    "path",
    [*LISTS, "/api/v1/activiteiten?x=1", "/api/v1/activiteiten/0", "/api/v1/weg", "/api/", "/api/v1/activiteiten?zoek=" + "a" * 9000],
)
def test_every_answer_has_the_version_and_may_be_read_by_any_website(client, path):
    made()
    response = client.get(path, headers={"Origin": "https://gemeente.example.org"})
    for answer in (response, client.head(path), client.get(path, headers={"If-None-Match": "*"})):
        assert answer.headers.getlist("API-Version") == [API_VERSION], answer.status
        assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
        assert "Set-Cookie" not in answer.headers
        assert answer.status_code == 304 or answer.headers["X-Content-Type-Options"] == "nosniff"


def test_other_pages_have_no_version_of_the_api(client):
    assert "API-Version" not in client.get("/activiteiten").headers


def test_a_browser_may_ask_beforehand(client):
    response = client.options(
        "/api/v1/activiteiten", headers={"Origin": "https://gemeente.example.org", "Access-Control-Request-Method": "GET"}
    )
    assert response.status_code == 200
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", LISTS)
def test_a_list_can_be_asked_for_again_cheaply(client, path):
    made()
    response = client.get(path)
    assert response.headers["Cache-Control"].startswith("public, max-age=")
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", response.headers["ETag"])


def test_a_change_shows_at_once(client):
    number = made()
    before = client.get("/api/v1/activiteiten")
    other = made()
    with transaction():
        editions.touch(1)
    after = client.get("/api/v1/activiteiten", headers={"If-None-Match": before.headers["ETag"]})
    assert [row["id"] for row in after.get_json()["activiteiten"]] == [number, other]


def test_geojson_comes_by_accept_and_json_stays_json_whoever_asks_first(client):
    number = made()
    for _ in range(3):  # the second and third are stored answers
        geo = client.get("/api/v1/activiteiten", headers=GEO)
        plain = client.get("/api/v1/activiteiten", headers={"Accept": "application/json, */*;q=0.1"})
        assert (geo.content_type, plain.content_type) == ("application/geo+json", "application/json")
        assert {"Accept", "Accept-Encoding"} == set(geo.headers["Vary"].split(", ")) == set(plain.headers["Vary"].split(", "))
        assert geo.headers["ETag"] != plain.headers["ETag"]
    assert geo.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    feature = json.loads(geo.data)["features"][0]
    assert (feature["id"], feature["geometry"]["coordinates"]) == (number, [5.118, 52.0899])
    assert feature["properties"] == plain.get_json()["activiteiten"][0]
    again = client.get("/api/v1/activiteiten", headers={**GEO, "If-None-Match": geo.headers["ETag"]})
    assert (again.status_code, "Accept" in again.headers["Vary"]) == (304, True)


def test_geojson_can_be_asked_for_in_the_address_and_its_links_keep_it(client):
    made()
    made()
    first = client.get("/api/v1/activiteiten?formaat=geojson&paginagrootte=1&bbox=5,52,5.2,52.2", headers={"Accept": "application/json"})
    assert first.content_type == "application/geo+json"
    second = client.get(json.loads(first.data)["links"]["next"])
    assert (second.content_type, len(json.loads(second.data)["features"])) == ("application/geo+json", 1)


def test_one_activity_comes_as_geojson_too(client):
    number = made(lon=None, lat=None, precision="unknown")
    body = json.loads(client.get(f"/api/v1/activiteiten/{number}", headers=GEO).data)
    assert (body["type"], body["geometry"], body["properties"]["id"]) == ("Feature", None, number)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "", "application/geo+json;q=0.5, application/json", "\x7f;;=,"])
def test_an_accept_that_we_cannot_serve_is_ignored(client, accept):
    made()
    response = client.get("/api/v1/activiteiten", headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, "application/json")


def test_a_wrong_question_is_refused_for_geojson_too(client):
    assert fields(client.get("/api/v1/activiteiten?kleur=rood", headers=GEO)) == {"kleur"}
