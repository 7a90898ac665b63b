"""What a municipality says of itself: who may change it, and where it shows."""

import pytest

from tests.accounts.filling import send
from tests.builders import make_activity, make_user, sign_in
from weekapp.db import transaction

DESK = "/beheer/gemeenten"


def desk_of(client, role, **more):
    with transaction():
        somebody = make_user(role, **more)
    sign_in(client, somebody)
    return client


def test_the_programme_team_gives_a_municipality_its_own_name_and_words(client):
    with transaction():
        make_activity()
    desk = desk_of(client, "moderator")
    before = client.get("/gemeenten/utrecht").text
    answer = send(desk, f"{DESK}/utrecht", local_name="Utrecht  schuift aan", introduction="Welkom!\r\n<b>Kom</b> erbij.")
    assert answer.status_code == 303
    page = client.get("/gemeenten/utrecht").text
    assert "<h1>Kom erbij in Utrecht</h1>" in before
    assert "<h1>Utrecht schuift aan</h1>" in page
    assert "Welkom!\n&lt;b&gt;Kom&lt;/b&gt; erbij." in page
    assert "heeft een eigen tekst" in desk.get(DESK).text


def test_priv_13_an_officer_edits_the_own_municipality_and_no_other(client):
    desk = desk_of(client, "municipality", municipality_code="GM0344")
    assert desk.get(f"{DESK}/eigen").headers["Location"].endswith(f"{DESK}/utrecht")
    assert send(desk, f"{DESK}/utrecht", local_name="Van ons").status_code == 303
    assert desk.get(f"{DESK}/amsterdam").status_code == desk.get(DESK).status_code == 403
    assert 'href="/beheer/gemeenten/eigen"' in desk.get(f"{DESK}/utrecht").text


@pytest.mark.parametrize("role", ["initiator", "logistics"])
def test_others_may_not(client, role):
    assert desk_of(client, role).get(f"{DESK}/utrecht").status_code == 403


def test_an_officer_without_a_municipality_finds_nothing(client):
    assert desk_of(client, "municipality").get(f"{DESK}/eigen").status_code == 404


def test_a_text_that_is_too_long_is_kept_and_explained(client):
    answer = send(desk_of(client, "moderator"), f"{DESK}/utrecht", introduction="woord " * 200)
    assert answer.status_code == 400
    assert "Maak dit korter: hoogstens 800 tekens." in answer.text
    assert "woord woord" in answer.text


def test_rule_12_a_word_that_keeps_people_away_is_warned_about(client):
    desk = desk_of(client, "moderator")
    send(desk, f"{DESK}/utrecht", local_name="Week tegen Eenzaamheid Utrecht")
    assert "vermijd het woord eenzaam" in desk.get(f"{DESK}/utrecht").text
