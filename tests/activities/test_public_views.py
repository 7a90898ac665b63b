import json
import re
from datetime import UTC, datetime

import pytest

from tests.builders import make_activity, make_edition, make_occurrence
from weekapp import clock
from weekapp.activities.rules import State
from weekapp.db import transaction
from weekapp.geography.rules import PRECISION_WORDS, Precision


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def made(*, number=1, **more):
    with transaction():
        activities = [make_activity(**more) for _ in range(number)]
        return [activity.id for activity in activities]


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.text


def shown_ids(html):
    return [int(number) for number in re.findall(r'data-id="(\d+)"', html)]


def test_the_list_says_how_many_it_found(client):
    made(number=3)
    assert re.search(r'role="status" data-aantal="3">We vonden 3 activiteiten\.', page(client, "/activiteiten"))


def test_one_is_written_as_one(client):
    made()
    assert "We vonden 1 activiteit." in page(client, "/activiteiten")


def test_people_get_24_on_a_page_and_a_way_to_the_next(client):
    made(number=30)
    html = page(client, "/activiteiten?gratis=1")
    assert len(shown_ids(html)) == 24
    assert 'href="/activiteiten?gratis=1&amp;pagina=2"' in html
    assert len(shown_ids(page(client, "/activiteiten?gratis=1&pagina=2"))) == 6


def test_a_page_after_the_last_leads_back(client):
    made()
    assert "Naar de eerste bladzijde" in page(client, "/activiteiten?pagina=9")


@pytest.mark.parametrize(
    "query", ["dag=morgen", "kleur=rood", "postcode=0000", "pagina=0", "pagina=x", "sorteer=prijs", "straal=5", "gratis=nee"]
)
def test_a_wrong_filter_finds_nothing_and_is_explained(client, query):
    made(number=2)
    html = page(client, f"/activiteiten?{query}")
    assert 'data-aantal="0"' in html
    assert shown_ids(html) == []
    assert "We kunnen zo niet zoeken" in html
    assert "<title>Fout: " in html


def test_an_unknown_postcode_is_named_at_its_field_and_kept(client):
    html = page(client, "/activiteiten?postcode=0999")
    assert 'value="0999"' in html
    assert 'aria-invalid="true"' in html
    assert "Deze postcode kennen we niet." in html


def test_the_link_of_an_error_leads_to_its_field(client):
    html = page(client, "/activiteiten?dag=morgen&gemeente=atlantis&van=x")
    for name in ("dag", "gemeente", "van"):
        assert f'href="#zoek-{name}"' in html
        assert f'id="zoek-{name}"' in html


def test_a_filter_name_with_html_is_shown_as_text(client):
    assert "<script>alert" not in page(client, "/activiteiten?%3Cscript%3Ealert=1")


def test_each_filter_can_be_taken_away_on_its_own(client):
    made()
    html = page(client, "/activiteiten?q=soep&gratis=1&thema=eten")
    assert 'class="chip" href="/activiteiten?q=soep&amp;thema=eten"' in html


def test_an_empty_result_offers_a_search_that_finds_something(client):
    made(is_free=False, cost="2 euro")
    html = page(client, "/activiteiten?gratis=1")
    assert "Geen activiteiten gevonden" in html
    assert 'href="/activiteiten"' in html
    assert "(1 activiteit)" in html


def test_a_word_that_is_a_place_leads_to_a_search_there(client):
    with transaction():
        make_activity("Soep")  # in Utrecht, some 7 km from there
    html = client.get("/activiteiten?q=Bilthoven&gratis=1").text
    assert 'href="/activiteiten?postcode=3721&amp;gratis=1">Zoek bij Bilthoven (De Bilt, Utrecht)</a> (1 activiteit)' in html
    assert "Zoek bij" not in client.get("/activiteiten?q=Groningen").text  # nothing there either


def test_a_site_without_activities_invites_to_start(client):
    assert "Er staan nog geen activiteiten op de site" in page(client, "/activiteiten")


def test_list_map_and_feeds_are_linked_with_the_same_search(client):
    made()
    html = page(client, "/activiteiten?q=soep&dag=2027-09-30")
    for path in ("/kaart", "/activiteiten.csv", "/activiteiten.atom"):
        assert f'href="{path}?q=soep&amp;dag=2027-09-30"' in html
    assert "webcal://127.0.0.1:8000/activiteiten.ics?q=soep&amp;dag=2027-09-30" in html


def test_a_hostile_title_is_text_everywhere(client):
    (number,) = made(title='<img src=x onerror="alert(1)"> </script>', description="<b>vet</b>")
    detail = client.get(f"/activiteiten/{number}", follow_redirects=True).text
    for html in (page(client, "/activiteiten"), detail, page(client, "/kaart")):
        assert "<img src=x" not in html
        assert "<b>vet" not in html


def test_a_cancelled_activity_says_so_in_list_and_page(client):
    (number,) = made(state=State.CANCELLED, cancelled_at=datetime(2027, 8, 1, tzinfo=UTC), cancel_reason="Jan is ziek")
    assert "Gaat niet door" in page(client, "/activiteiten")
    html = client.get(f"/activiteiten/{number}", follow_redirects=True).text
    assert "Deze activiteit gaat niet door." in html
    assert "Jan is ziek" not in html


def test_an_old_title_in_the_address_leads_to_the_new_one(client):
    (number,) = made(title="Soep met brood")
    for path in (f"/activiteiten/{number}-soep", f"/activiteiten/{number}"):
        response = client.get(path)
        assert (response.status_code, response.location) == (301, f"/activiteiten/{number}-soep-met-brood")


@pytest.mark.parametrize(
    "path", ["/activiteiten/999-niets", "/activiteiten/999", "/activiteiten/99999999999999999999-x", "/activiteiten/", "/activiteiten.pdf"]
)
def test_what_is_not_there_is_404(client, path):
    assert client.get(path).status_code == 404


def test_what_is_not_public_is_404(client):
    (number,) = made(state=State.SUBMITTED)
    assert client.get(f"/activiteiten/{number}").status_code == 404


def test_a_page_names_all_moments_and_how_exact_the_place_is(client):
    with transaction():
        activity = make_activity(precision=Precision.PC4)
        make_occurrence(activity, datetime(2027, 10, 2, 10, tzinfo=UTC))
        path = f"/activiteiten/{activity.id}-samen-soep-eten"
    html = page(client, path)
    assert "donderdag 30 september, 12.00 tot 14.00 uur" in html
    assert "zaterdag 2 oktober, 12.00 tot 14.00 uur" in html
    assert PRECISION_WORDS[Precision.PC4] in html


def test_a_home_address_is_nowhere_in_page_list_and_data(client):
    (number,) = made(is_home=True, street="Geheimstraat", house_number=77, postcode="3511 ZZ", venue="Bij Voorbeeld")
    html = client.get(f"/activiteiten/{number}", follow_redirects=True).text + page(client, "/activiteiten") + page(client, "/kaart")
    for secret in ("Geheimstraat", "3511 ZZ", "Bij Voorbeeld"):
        assert secret not in html
    assert "Adres na aanmelding" in html


def test_search_engines_get_an_event_for_each_moment(client):
    (number,) = made(title="Soep & </script> brood", state=State.CANCELLED, cancelled_at=datetime(2027, 8, 1, tzinfo=UTC))
    html = client.get(f"/activiteiten/{number}", follow_redirects=True).text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert [event["eventStatus"] for event in data] == ["https://schema.org/EventCancelled"]
    assert data[0]["name"] == "Soep & </script> brood"
    assert data[0]["url"].startswith("http://127.0.0.1:8000/activiteiten/")


def test_what_has_been_says_so(client, at):
    (number,) = made()
    at(datetime(2027, 10, 6, 12, tzinfo=UTC))
    assert "Deze activiteit is geweest." in client.get(f"/activiteiten/{number}", follow_redirects=True).text


def test_public_pages_set_no_cookie_and_may_be_stored(client):
    (number,) = made()
    for path in (
        "/",
        "/activiteiten",
        "/activiteiten?dag=x",
        f"/activiteiten/{number}-samen-soep-eten",
        "/kaart",
        "/gemeenten",
        "/gemeenten/utrecht",
    ):
        response = client.get(path)
        assert "Set-Cookie" not in response.headers, path
        assert response.headers["Cache-Control"].startswith("public"), path
        assert response.headers["ETag"], path
        assert client.get(path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304, path


def test_the_word_that_nobody_wants_in_a_calendar_is_on_no_public_page(client):
    with transaction():
        make_edition()
        make_activity()
    for path in ("/", "/activiteiten", "/kaart", "/gemeenten", "/gemeenten/utrecht", "/activiteiten.ics", "/activiteiten.atom"):
        assert "eenzaam" not in client.get(path).text.lower(), path


def test_the_page_of_today_is_made_anew_tomorrow(client, at):
    made(starts=datetime(2027, 9, 30, 8, tzinfo=UTC), title="Eerst")
    made(starts=datetime(2027, 10, 1, 8, tzinfo=UTC), title="Daarna")
    first = shown_ids(page(client, "/activiteiten"))
    at(datetime(2027, 9, 30, 23, tzinfo=UTC))
    assert clock.today().day == 1
    assert shown_ids(page(client, "/activiteiten")) == list(reversed(first))


def test_the_list_and_the_map_say_what_they_looked_for_instead_of_a_typo(client):
    made(title="Soep voor allen")
    for path in ("/activiteiten", "/kaart"):
        html = page(client, f"{path}?q=sope")
        assert 'data-aantal="1"' in html
        assert 'Niets gevonden met "sope". We zochten op: soep.' in html


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("plek=5.12,52.09&naar=lijst", "/activiteiten?postcode=3511#gevonden"),
        ("plek=5.12,52.09&naar=kaart&gratis=1", "/kaart?postcode=3511&gratis=1#gevonden"),
        ("plek=6.57,53.22&bbox=5,52,6,53", "/activiteiten?postcode=9711#gevonden"),
    ],
)
def test_a_rounded_place_becomes_a_search_around_the_nearest_postcode(client, query, target):
    response = client.get(f"/activiteiten/bij-mij?{query}")
    assert (response.status_code, response.location) == (302, target)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("place", ["5.1234,52.0912", "", "5.12", "2.35,48.85", "x,y", "5.12,52.09,1"])
def test_a_finer_or_foreign_place_is_refused(client, place):
    """PRIV: a position of more than two decimals is never taken."""
    response = client.get(f"/activiteiten/bij-mij?plek={place}")
    assert response.status_code == 400
    assert "Vul zelf een postcode in." in response.text or "We begrijpen deze vraag niet." in response.text


def test_the_embedded_list_shows_the_first_page_and_leads_to_the_rest(client):
    made(number=30)
    html = page(client, "/activiteiten/insluiten?gratis=1")
    assert 'data-aantal="30"' in html
    assert len(shown_ids(html)) == 24
    assert 'href="/activiteiten?gratis=1" target="_blank"' in html
    assert "Bekijk alle 30 activiteiten" in html


def test_each_choice_says_how_many_it_gives(client):
    made(theme="eten")
    made(theme="koffie", is_free=False, cost="2 euro")
    html = page(client, "/activiteiten?thema=eten")
    assert re.search(r'for="thema-eten">Samen eten <span class="facet">\(1\)</span>', html)
    assert re.search(r'for="thema-koffie">Koffie en thee <span class="facet">\(1\)</span>', html)
    assert re.search(r'for="zoek-gratis">Gratis <span class="facet">\(1\)</span>', html)
    assert ">Utrecht (1)</option>" in html
    assert "donderdag 30 september (1)</option>" in html
