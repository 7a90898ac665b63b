"""/cijfers: counts of what is public and goes on, and nothing else."""

from datetime import date

from tests.builders import make_activity, make_edition
from weekapp import clock
from weekapp.activities import figures
from weekapp.activities.rules import State
from weekapp.db import transaction


def test_figures_count_what_is_public_and_goes_on(app):
    with transaction():
        first = make_activity("Samen soep eten", can_come_alone=True)
        for state in (State.PUBLISHED, State.SUBMITTED):
            make_activity(f"Ook {state}", state=state, edition=first.edition)
        make_activity("Gaat niet door", state=State.CANCELLED, cancelled_at=clock.now(), edition=first.edition)
        make_activity("Ergens", edition=first.edition, municipality_code=None)
        number = first.edition_id
    found = figures.of_edition(number)
    assert (found.activities, found.municipalities, found.without_municipality, found.can_come_alone) == (3, 1, 1, 1)
    assert found.by_province == [("Utrecht", 2)]
    assert sum(many for _words, many in found.by_theme) == 3


def test_the_page_shows_this_edition_and_former_ones(client):
    with transaction():
        make_activity()
        former = make_edition(2026, first_day=date(2026, 10, 1), last_day=date(2026, 10, 7))
        make_activity("Toen", edition=former)
    page = client.get("/cijfers")
    assert page.status_code == 200
    assert "1 van de 342" in page.text
    assert 'href="/archief/2026"' in page.text
    assert page.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in page.headers


def test_a_week_without_activities_says_so_and_how_to_begin(client):
    with transaction():
        make_edition()
    text = client.get("/cijfers").text
    assert "Er zijn nog geen activiteiten." in text
    assert 'href="/meedoen"' in text


def test_in_english(client):
    with transaction():
        make_activity()
    text = client.get("/en/cijfers").text
    assert '<html lang="en"' in text
    assert "1 of the 342" in text
