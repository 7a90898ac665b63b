"""The page of an activity, a municipality, the archive and the form for a mistake, as somebody with a browser meets them.

Each page is judged: no axe violations, no other host, an empty console, nothing wider than the window (A11Y-03, A11Y-04, A11Y-13, PRIV-11).
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browsing import NARROW, WIDE, Visitor
from tests.builders import make_activity, make_edition, make_occurrence
from weekapp.activities.rules import State
from weekapp.db import transaction

pytestmark = pytest.mark.browser
Arrive = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
BEFORE = datetime(2027, 9, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def before_the_week(at: Callable[[datetime], None]) -> None:
    at(BEFORE)


@SIZES
def test_somebody_looks_at_an_activity_shares_it_and_reports_a_mistake(somebody: Arrive, size: tuple[int, int]) -> None:
    with transaction():
        activity = make_activity(street="Voorbeeldstraat", welcomer="Ans", quiet=True)
        make_occurrence(activity, datetime(2027, 10, 1, 10, tzinfo=UTC))
        make_activity("Dichtbij")
    me = somebody(size)
    me.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = me.open(f"/activiteiten/{activity.id}")
    page.get_by_role("button", name="Kopieer het adres").click()
    expect(page.get_by_text("Het adres is gekopieerd.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/activiteiten/{activity.id}")
    me.check()
    me.follow("Meld een fout")
    me.press("Verstuur")
    assert page.title().startswith("Fout:")
    page.get_by_label("De dag of de tijd klopt niet").check()
    me.press("Verstuur")
    assert page.get_by_role("heading", level=1).inner_text() == "Bedankt voor je melding"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_who_searches_on_a_phone_sees_what_was_found_and_not_the_form_again(somebody: Arrive, javascript: bool) -> None:
    with transaction():
        make_activity()
    me = somebody(NARROW, javascript=javascript)
    me.page.goto(f"{me.base_url}/")
    me.page.get_by_label("Zoek op plaats of postcode").fill("Utrecht")
    me.page.get_by_label("Zoek op plaats of postcode").press("Enter")
    expect(me.page.get_by_text("We vonden 1 activiteit.")).to_be_in_viewport()
    me.page.get_by_label("Wat zoek je?").fill("bestaat niet zoiets")
    me.page.get_by_label("Wat zoek je?").press("Enter")
    expect(me.page.get_by_text("We vonden 0 activiteiten.")).to_be_in_viewport()
    me.page.get_by_label("Bij welke postcode?").fill("geen postcode")
    me.page.get_by_label("Bij welke postcode?").press("Enter")
    expect(me.page.locator("#fouten")).to_be_focused()


def test_without_a_script_there_is_no_dead_button(somebody: Arrive) -> None:
    """A11Y-02: the links and the address do the same."""
    with transaction():
        number = make_activity().id
    me = somebody(WIDE, javascript=False)
    me.page.goto(f"{me.base_url}/activiteiten/{number}")
    assert me.page.get_by_role("main").get_by_role("button").count() == 0
    assert me.page.get_by_role("link", name="Stuur een mail").is_visible()


@SIZES
def test_off_and_over_and_municipality_and_archive(somebody: Arrive, size: tuple[int, int]) -> None:
    with transaction():
        make_activity()
        off = make_activity("Gaat niet door", state=State.CANCELLED, cancelled_at=BEFORE).id
        former = make_activity("Van toen", edition=make_edition(2026)).id
    me = somebody(size)
    for path in (
        f"/activiteiten/{off}",
        f"/activiteiten/{former}",
        "/gemeenten/vlieland",
        "/archief",
        "/archief/2026",
        "/archief/2026/utrecht",
    ):
        me.open(path)
    page = me.open("/gemeenten/utrecht")
    page.locator(".map-box").scroll_into_view_if_needed()
    page.wait_for_selector(".leaflet-marker-icon")
    page.get_by_text("Zo doe je het in jouw agenda").click()
    me.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a11y_12_pages_have_contrast_in_light_and_dark(somebody: Arrive, scheme: str) -> None:
    with transaction():
        number = make_activity(takes_sign_ups=True, sign_up_needed=True).id
        make_activity("Dichtbij")
    me = somebody(WIDE)
    me.page.emulate_media(color_scheme=scheme)
    for path in ("/", f"/activiteiten/{number}", "/gemeenten/utrecht", "/bestaat-niet", f"/activiteiten/{number}/aanmelden"):
        me.open(path)
