"""Pictures of shared pages."""

import re
import struct
from datetime import UTC, datetime

import pytest

from tests.builders import make_activity
from weekapp.activities.models import Activity
from weekapp.activities.public import load
from weekapp.db import db, transaction
from weekapp.paper import picture


def size_of(octets):
    """Width and height as a PNG says them (ISO 15948, 11.2.2)."""
    assert octets[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", octets[16:24])


def made(**more):
    with transaction():
        return make_activity(**more).id


def test_site_activity_and_municipality_have_a_picture_of_the_size_that_sites_ask(client):
    number = made()
    for path in ("/deelplaatje.png", f"/activiteiten/{number}/deelplaatje.png", "/gemeenten/utrecht/deelplaatje.png"):
        response = client.get(path)
        assert response.content_type == "image/png"
        assert size_of(response.data) == (picture.WIDTH, picture.HEIGHT)


def test_pages_name_their_own_picture_with_its_full_address(client):
    number = made(title='Soep & "brood"', description="Kom gerust.\nAlleen of samen.")
    html = client.get(f"/activiteiten/{number}", follow_redirects=True).text
    assert f'property="og:image" content="http://127.0.0.1:8000/activiteiten/{number}/deelplaatje.png"' in html
    assert 'property="og:title" content="Soep &amp; &#34;brood&#34;"' in html
    assert 'property="og:description" content="Kom gerust. Alleen of samen."' in html
    assert 'content="http://127.0.0.1:8000/gemeenten/utrecht/deelplaatje.png"' in client.get("/gemeenten/utrecht").text
    assert 'content="http://127.0.0.1:8000/deelplaatje.png"' in client.get("/").text


def test_the_same_facts_give_the_same_picture_and_others_another(client):
    number = made()
    path = f"/activiteiten/{number}/deelplaatje.png"
    first = client.get(path).data
    assert client.get(path).data == first
    assert client.get(f"/activiteiten/{made(title='Iets anders')}/deelplaatje.png").data != first


def test_priv_04_of_a_home_the_picture_has_the_town_only(session):
    activity = make_activity(is_home=True, street="Geheimestraat", venue="Bij Ans thuis")
    (home,) = load([Activity.id == activity.id])
    assert picture.lines_of(home)[1:] == ["Utrecht"]


@pytest.mark.parametrize(
    ("now", "words"), [(datetime(2027, 9, 1, tzinfo=UTC), "donderdag 30 september"), (datetime(2027, 12, 1, tzinfo=UTC), "Dit is geweest")]
)
def test_the_picture_says_when_or_that_it_has_been(session, at, now, words):
    activity = make_activity()
    at(now)
    (shown,) = load([Activity.id == activity.id])
    assert picture.when(shown).startswith(words)


def test_the_picture_says_that_it_is_off(session):
    activity = make_activity()
    activity.occurrences[0].cancelled_at = datetime(2027, 1, 1, tzinfo=UTC)
    db.session.flush()
    (shown,) = load([Activity.id == activity.id])
    assert picture.when(shown) == "Gaat niet door"


def test_a_very_long_title_still_fits(client):
    assert size_of(client.get(f"/activiteiten/{made(title='Lange woorden ' * 8)}/deelplaatje.png").data) == (1200, 630)


@pytest.mark.parametrize("path", ["/activiteiten/99999/deelplaatje.png", "/gemeenten/nergens/deelplaatje.png"])
def test_what_is_not_there_has_no_picture(client, path):
    assert client.get(path).status_code == 404


def test_browsers_find_the_icon_where_they_look_for_it(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 200
    assert response.data[:4] == b"\x00\x00\x01\x00"
    for address in re.findall(r'rel="(?:apple-touch-)?icon" href="([^"]+)"', client.get("/").text):
        assert client.get(address).status_code == 200
