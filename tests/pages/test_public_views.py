import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from tests.builders import make_activity, make_edition
from weekapp.db import transaction


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 8, 1, 12, tzinfo=UTC))


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_home_says_when_the_week_is(client):
    with transaction():
        make_edition()
    assert "Van donderdag 30 september tot en met woensdag 6 oktober 2027" in words(client.get("/").text)


def test_home_speaks_differently_during_and_after_the_week(client, at):
    with transaction():
        make_edition()
        make_activity()
    at(datetime(2027, 10, 1, 12, tzinfo=UTC))
    assert "Het is zover: tot en met woensdag 6 oktober" in words(client.get("/").text)
    at(datetime(2027, 10, 20, 12, tzinfo=UTC))
    after = client.get("/").text
    assert "De Week was van donderdag 30 september tot en met woensdag 6 oktober 2027." in words(after)
    assert "Kies een dag" not in after


def test_outside_the_season_home_says_what_goes_on_and_when_the_next_week_is(client, at):
    with transaction():
        make_activity()
        make_activity(is_ongoing=True, starts=datetime(2027, 12, 1, 10, tzinfo=UTC))
    at(datetime(2027, 10, 20, 12, tzinfo=UTC))
    html = client.get("/").text
    assert '<a href="/activiteiten?van=2027-10-20">1 activiteit komt er nog of gaat het hele jaar door</a>' in html
    assert "De volgende Week is van donderdag 28 september tot en met woensdag 4 oktober 2028." in words(html)
    assert 'href="/archief"' in html


def test_before_registration_opens_home_says_when_it_will(client):
    with transaction():
        make_edition(registration_opens=date(2027, 8, 15))
    assert "Je kunt je activiteit aanmelden vanaf zondag 15 augustus." in words(client.get("/").text)


def test_home_works_without_any_edition(client):
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("municipalities", "sentence"),
    [
        ([], "Er staan nog geen activiteiten op de site."),
        (["GM0344"], "Er staat nu 1 activiteit op de site."),
        (["GM0344", "GM0363"], "Er staan nu 2 activiteiten op de site, in 2 gemeenten."),
    ],
)
def test_home_counts_honestly(client, municipalities, sentence):
    with transaction():
        make_edition()
        for code in municipalities:
            make_activity(municipality_code=code)
    assert sentence in words(client.get("/").text)


def test_every_day_of_the_week_is_a_link_with_its_count(client):
    with transaction():
        make_activity()
    html = client.get("/").text
    assert re.findall(r'class="day" href="/activiteiten\?dag=([\d-]+)"', html) == [
        f"2027-{day}" for day in ("09-30", *(f"10-0{n}" for n in range(1, 7)))
    ]
    assert "1 activiteit" in words(html)


def test_a_closed_window_is_said(client):
    with transaction():
        make_edition(registration_closes=date(2027, 7, 1), ordering_closes=date(2027, 7, 1))
    text = words(client.get("/").text)
    assert "Aanmelden voor deze Week kan niet meer." in text
    assert "Bestellen kan niet meer." in text


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("3511 LX", "postcode=3511+LX#gevonden"),
        ("3511lx", "postcode=3511+LX#gevonden"),
        (" 3511 ", "postcode=3511#gevonden"),
        ("3511 LX 12", "postcode=3511+LX#gevonden"),
        ("3511 Utrecht", "postcode=3511#gevonden"),
        ("0999", "postcode=0999#gevonden"),  # the list says what is wrong with it
        ("Utrecht", "gemeente=utrecht#gevonden"),
        ("súdwest-fryslân", "gemeente=sudwest-fryslan#gevonden"),
        ("Sud west Fryslan", "gemeente=sudwest-fryslan#gevonden"),
        ("Den Bosch", "gemeente=s-hertogenbosch#gevonden"),
        ("'s-gravenhage", "gemeente=den-haag#gevonden"),
        ("Bilthoven", "postcode=3721#gevonden"),
        ("Weesp", "postcode=1381#gevonden"),  # was a municipality
        ("Nijkerkerveen", "postcode=3864#gevonden"),
        ("friesland", "provincie=fryslan#gevonden"),
        ("Noord-Holland", "provincie=noord-holland#gevonden"),
        ("Nijmegn", "gemeente=nijmegen#gevonden"),
        ("Soesterbreg", "postcode=3769#gevonden"),
        ("Café & soep", "q=Caf%C3%A9+%26+soep#gevonden"),
        ("soep", "q=soep#gevonden"),
    ],
)
def test_the_box_knows_a_place_or_postcode_from_words(client, typed, target):
    response = client.get("/zoek", query_string={"waar": typed})
    assert (response.status_code, response.location) == (302, f"/activiteiten?{target}")


def test_an_empty_box_leads_to_everything(client):
    assert client.get("/zoek?waar=+").location == "/activiteiten"


def test_who_names_one_of_several_places_chooses(client):
    html = client.get("/zoek?waar=haren").text
    assert "Welke plaats bedoel je?" in html
    assert 'href="/activiteiten?postcode=9751#gevonden"' in html
    assert 'href="/activiteiten?postcode=5368#gevonden"' in html
    assert "Oss, Noord-Brabant" in html
    assert 'href="/activiteiten?gemeente=bergen-nh#gevonden"' in client.get("/zoek?waar=Bergen").text


def test_a_word_that_an_activity_has_is_no_place_with_a_typo(client):
    assert client.get("/zoek?waar=Almere").location == "/activiteiten?gemeente=almere#gevonden"
    with transaction():
        make_activity("Soep in Almere")
    assert client.get("/zoek?waar=Almeer").location == "/activiteiten?gemeente=almere#gevonden"
    with transaction():
        make_activity("Soep bij Almeer")
    assert client.get("/zoek?waar=Almeer").location == "/activiteiten?q=Almeer#gevonden"


def test_who_came_by_the_name_of_a_village_reads_that_name(client):
    assert "Bij postcode 3721 (Bilthoven)" in client.get(client.get("/zoek?waar=Bilthoven").location).text


def test_who_searches_in_english_comes_to_what_was_found_too(client):
    assert client.get("/en/zoek?waar=Utrecht").location == "/en/activiteiten?gemeente=utrecht#gevonden"


def test_search_engines_find_pages_municipalities_and_activities(client):
    with transaction():
        number = make_activity("Soep & brood").id
    response = client.get("/sitemap.xml")
    found = {element.text for element in ElementTree.fromstring(response.data).iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    base = "http://127.0.0.1:8000"
    assert {f"{base}/", f"{base}/gemeenten/utrecht", f"{base}/activiteiten/{number}-soep-brood"} <= found
    assert sum(address.startswith(f"{base}/gemeenten/") for address in found) == 342


def test_feeds_are_not_forbidden_to_robots(client):
    lines = client.get("/robots.txt").text.splitlines()
    assert not any(line.startswith(("Disallow: /activiteiten", "Disallow: /gemeenten")) for line in lines)
