"""A11Y-01 to A11Y-19 of public-sector.md, each by name, over every page that people see (tests/browser/places.py)."""

import re
from collections.abc import Iterator

import pikepdf
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.accounts.filling import send
from tests.browser.places import PLACES
from tests.browser.visits import LONG, Look, Notes
from tests.browser.world import Site
from tests.browsing import NARROW, TAGS, WIDE, Visitor, running_browser, visitor
from weekapp.map.skeleton import skeleton

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every page")]
MAP = f"#{skeleton('').element}"
SEARCHES = ("", "?gratis=1", "?rolstoel=1&alleen=1", "?gemeente=utrecht", "?q=eten", "?dag=2027-10-01", "?q=zzzzzz")
CAN_SCROLL = (".table-wrap", ".leaflet-map")


@pytest.fixture(scope="module")
def browser(notes: Notes) -> Iterator[Browser]:
    """One more for what has to be pressed and typed, after the one that looked at everything."""
    with running_browser() as running:
        yield running


@pytest.fixture
def client(sites: dict[str, Site]) -> FlaskClient:
    """A browser without JavaScript at the full site."""
    return sites["full"].app.test_client()


@pytest.fixture
def somebody(browser: Browser, sites: dict[str, Site]) -> Iterator[Visitor]:
    """Somebody with a mouse and a keyboard at the full site."""
    me = visitor(browser, sites["full"].base_url)
    me.page.emulate_media(reduced_motion="reduce")
    yield me
    me.close()


@pytest.fixture
def the_map(somebody: Visitor) -> Page:
    """The map, with its pins on it."""
    somebody.page.goto(f"{somebody.base_url}/kaart")
    somebody.page.wait_for_selector(".pin, .cluster")
    return somebody.page


def test_all_pages_that_people_see_are_looked_at(notes: Notes, sites: dict[str, Site]) -> None:
    """A page that is new has to be named in places.py: then all tests of this folder hold for it too."""
    site = sites["full"]
    addresses = site.app.url_map.bind("localhost")
    paths = {look.url.split("/", 3)[3].partition("?")[0] for look in notes.looks}
    seen = {
        addresses.match("/" + re.sub(r"^en(/|$)", "", path), method=method)[0]
        for path in paths
        for method in ("GET", "POST")
        if addresses.test("/" + re.sub(r"^en(/|$)", "", path), method=method)
    }
    pages = {rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or set()) and not is_for_machines(rule.rule)}
    assert pages - seen - NOT_A_PAGE == set()


NOT_A_PAGE = {
    *("activities.by_id", "activities.near_me", "gatherings.by_id", "pages.search", "municipality_desk.own_municipality"),  # lead elsewhere
    *("batches.download", "static", "accounts.give_code", "mail.letter"),  # a file; and two that tests below look at
}


def is_for_machines(rule: str) -> bool:
    """Files, feeds, the API and the addresses of operators."""
    return bool(re.search(r"\.|/api/|/assets/|ending>|digest>|/afbeeldingen/|healthz|readyz|metrics", rule))


def test_a11y_01_the_statement_is_linked_everywhere_and_complete(notes: Notes, client: FlaskClient) -> None:
    def judge(look: Look) -> object:
        return not look.facts["embedded"] and not any((link or "").endswith("/toegankelijkheid") for link in look.facts["help"]["links"])

    assert notes.breaches(judge) == []
    page = client.get("/toegankelijkheid").text
    for words in (
        "Status",
        "Waar het over gaat",
        "Hoe we toetsen",
        "dat niet goed is",
        "Laatst bijgewerkt",
        "ombudsman",
        "mailto:",
        "tel:",
    ):
        assert words in page, words


def test_a11y_02_every_page_says_its_language(notes: Notes) -> None:
    assert notes.breaches(lambda look: look.facts["lang"] != ("en" if "/en/" in look.url else "nl") and look.facts["lang"]) == []


def test_a11y_03_axe_finds_nothing_on_any_page_wide_or_narrow(notes: Notes) -> None:
    assert {look.width for look in notes.looks} == {WIDE[0], NARROW[0]}
    assert len(notes.looks) == 2 * len(PLACES)
    assert notes.breaches(lambda look: look.axe) == []


def test_a11y_04_the_size_of_targets_is_among_what_axe_looks_at(somebody: Visitor) -> None:
    """A page with two links of 10 by 10 pixels is found: the rule is off by default and only the tag wcag22aa selects it."""
    from axe_playwright_python.sync_playwright import Axe

    small = '<a href="#{0}" style="position:absolute;left:{0}px;top:9px;width:10px;height:10px;overflow:hidden">{0}</a>'
    somebody.page.set_content(f'<html lang="nl"><title>Klein</title><main><h1>Klein</h1>{small.format(10)}{small.format(21)}</main></html>')
    found = Axe().run(somebody.page, options={"runOnly": TAGS}).response["violations"]
    assert "target-size" in [one["id"] for one in found]


def test_a11y_05_forms_work_without_a_script(browser: Browser, sites: dict[str, Site]) -> None:
    """Submit, error, confirm; other forms are sent without a script by the tests of their pages."""
    site = sites["full"]
    me = visitor(browser, site.base_url, javascript=False)
    me.page.goto(f"{site.base_url}/activiteiten/{site.found['public']}/fout-melden")
    me.page.get_by_role("button", name="Verstuur").click()
    assert me.page.title().startswith("Fout:")
    me.page.get_by_label("De dag of de tijd klopt niet").check()
    me.page.get_by_role("button", name="Verstuur").click()
    assert me.page.get_by_role("heading", level=1).inner_text() == "Bedankt voor je melding"
    me.close()


def test_a11y_05_no_form_hangs_on_a_script(notes: Notes) -> None:
    assert notes.breaches(lambda look: [form for form in look.facts["forms"] if form["posts"] and form["action"].startswith("#")]) == []
    assert notes.breaches(lambda look: look.facts["handlers"]) == [], "no attributes such as onclick"


@pytest.mark.parametrize("search", SEARCHES)
def test_a11y_06_the_list_comes_first_and_holds_what_the_map_holds(client: FlaskClient, search: str) -> None:
    page = client.get(f"/kaart{search}").text
    listed = re.findall(r'<li data-id="(\d+)"', page)
    placed = [str(one["id"]) for one in client.get(f"/activiteiten.geojson{search}").json["features"]]  # type: ignore[index]
    assert sorted(listed) == sorted(placed)
    assert not listed or page.index('<li data-id="') < page.index("leaflet-map")


def test_a11y_07_the_map_has_a_name_its_pins_too_and_a_way_past_it(the_map: Page) -> None:
    assert the_map.locator(MAP).get_attribute("aria-label") == "Kaart met activiteiten"
    assert the_map.get_by_role("link", name="Sla de kaart over").get_attribute("href") == "#na-de-kaart"
    names = the_map.eval_on_selector_all(
        ".pin, .cluster", "pins => pins.map(pin => pin.getAttribute('aria-label') || pin.alt || pin.title)"
    )
    assert all(names)
    assert len(set(names)) == len(names)


def test_a11y_08_a_keyboard_meets_few_pins_at_a_time(the_map: Page) -> None:
    assert 0 < the_map.locator(f"{MAP} [tabindex='0'].pin, {MAP} [tabindex='0'].cluster").count() <= 50


def test_a11y_09_what_can_be_dragged_can_be_clicked(the_map: Page) -> None:
    for name in ("Dichterbij", "Verder weg", "Naar boven", "Naar beneden", "Naar links", "Naar rechts"):
        before = the_map.evaluate("[kaart_nl.getZoom(), kaart_nl.getCenter().lat, kaart_nl.getCenter().lng].join()")
        the_map.get_by_role("button", name=name).click()
        the_map.wait_for_function(
            "before => [kaart_nl.getZoom(), kaart_nl.getCenter().lat, kaart_nl.getCenter().lng].join() !== before", arg=before
        )


def test_a11y_10_a_popup_takes_the_focus_and_gives_it_back(somebody: Visitor, sites: dict[str, Site]) -> None:
    page = somebody.page
    page.goto(f"{somebody.base_url}/kaart?q=lezen+bieb")
    page.wait_for_selector(".pin")
    page.locator(".pin").first.focus()
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".popup")
    assert page.evaluate("Boolean(document.activeElement.closest('.leaflet-popup'))")
    page.keyboard.press("Escape")
    page.wait_for_selector(".popup", state="detached")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name


def test_a11y_11_the_number_found_is_a_status(notes: Notes) -> None:
    lists = [look for look in notes.looks if re.search(r"/(activiteiten|kaart)(/insluiten)?(\?|$)", look.url)]
    assert len(lists) > 20
    wrong = [str(look) for look in lists if not any(re.search(r"\d+ activit|nog niet gezocht", one) for one in look.facts["statuses"])]
    assert wrong == []


def test_a11y_12_no_colour_stands_alone(client: FlaskClient, sites: dict[str, Site]) -> None:
    """What is off is said in words and by an icon; themes have words. The contrast of all pairs: tests/architecture/test_colours.py."""
    page = client.get(f"/activiteiten/{sites['full'].found['off']}", follow_redirects=True).text
    assert re.search(r'class="off"><svg.*?Deze activiteit gaat niet door', page, re.DOTALL)
    assert re.search(
        r'class="theme-mark"><svg.*?</svg>\s*\w+', client.get(f"/activiteiten/{sites['full'].found['public']}", follow_redirects=True).text
    )


def test_a11y_12_there_is_contrast_by_day_and_by_night(notes: Notes) -> None:
    """Wide pages are looked at in light, narrow ones in dark."""
    assert notes.breaches(lambda look: [one for one in look.axe if one[0] == "color-contrast"]) == []


def test_a11y_13_nothing_is_wider_than_the_window(notes: Notes) -> None:
    assert notes.breaches(lambda look: look.facts["tooWide"] > 0 and (look.facts["tooWide"], look.facts["sticking"])) == []


def test_a11y_13_wide_letter_spacing_cuts_nothing_off(notes: Notes) -> None:
    assert notes.breaches(lambda look: look.spaced["cut"] or (look.spaced["wide"] > 0 and look.spaced)) == []


def test_a11y_14_the_focus_shows_on_all_that_has_it(notes: Notes) -> None:
    assert notes.breaches(lambda look: look.walk and look.walk["dim"]) == []


def test_a11y_14_nothing_lies_over_what_has_the_focus(notes: Notes) -> None:
    assert notes.breaches(lambda look: look.walk and look.walk["covered"]) == []


def test_a11y_14_tab_reaches_everything_in_the_order_of_the_page(notes: Notes) -> None:
    """The walk over each page: all stops, in the order of reading, and nothing holds the focus. The middle of long pages is left out."""

    def judge(look: Look) -> object:
        if not look.walk:
            return None
        met, wanted = look.walk["met"], look.walk["wanted"]
        first = list(dict.fromkeys(met))[: min(len(wanted), LONG)]
        if met[-1:] != [len(wanted) - 1] and len(wanted) - 1 not in met:
            return f"the last stop was not reached: {[wanted[place] for place in met[-3:]]}"
        return first != list(range(len(first))) and [wanted[place] for place in range(len(first)) if place != first[place]][:2]

    assert notes.breaches(judge) == []


def test_a11y_14_the_first_stop_leads_past_the_menu(notes: Notes) -> None:
    assert notes.breaches(lambda look: not look.facts["embedded"] and not look.facts["skip"]) == []


def test_a11y_15_help_stands_in_the_same_place_everywhere(notes: Notes) -> None:
    positions = {look.facts["help"]["position"] for look in notes.looks if not look.facts["embedded"]}
    assert len(positions) == 1
    assert (
        notes.breaches(lambda look: not look.facts["embedded"] and not (look.facts["help"]["mail"] and look.facts["help"]["phone"])) == []
    )


def test_a11y_15_nothing_is_asked_twice(client: FlaskClient, sites: dict[str, Site]) -> None:
    """The parcel goes to the address of the activity unless somebody says otherwise, to the person who was named before."""
    page = client.get(f"/meedoen/{sites['full'].found['draft']}/pakket").text
    assert re.search(r'<input[^>]*checked[^>]*value="activiteit"', page)
    assert "Noor Voorbeeld" in page


def test_a11y_15_a_code_may_be_pasted_and_nobody_solves_a_puzzle(notes: Notes) -> None:
    assert notes.breaches(lambda look: [field["called"] for field in look.facts["fields"] if field["blocksPaste"]]) == []
    assert notes.breaches(lambda look: re.search(r"captcha|robot ben|puzzel", look.facts["main"], re.IGNORECASE)) == []


def test_a11y_16_what_was_typed_survives_a_session_that_ended(client: FlaskClient, sites: dict[str, Site]) -> None:
    address = f"/mijn/activiteiten/{sites['full'].found['public']}/wijzigen"
    answer = client.post(address, data={"title": "Soep met balletjes", "csrf_token": "oud"})
    assert "nog niet verstuurd" in answer.text
    assert "Soep met balletjes" in answer.text
    page = send(
        client, f"/activiteiten/{sites['full'].found['signing_up']}/aanmelden", first_name="Jan", email="jan@voorbeeld.nl", form_token="oud"
    ).text
    assert "nog niet verstuurd" in page
    assert 'value="jan@voorbeeld.nl"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/poster-a4.pdf",
        "/activiteiten/{public}/poster-a4.pdf",
        "/gemeenten/utrecht/programma-a5.pdf",
        "/gemeenten/utrecht/programma-a3.pdf",
    ],
)
def test_a11y_18_public_pdfs_are_tagged_and_have_a_title(client: FlaskClient, sites: dict[str, Site], path: str) -> None:
    from io import BytesIO

    answer = client.get(path.format(**sites["full"].found))
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert root.StructTreeRoot.K
        assert str(root.Lang).startswith("nl")
        assert root.ViewerPreferences.DisplayDocTitle
        assert pdf.open_metadata().get("dc:title")


def test_a11y_19_no_page_for_everybody_sets_a_cookie_or_asks_about_cookies(notes: Notes) -> None:
    """Not even a form: only who signs in gets one."""
    assert {address: cookie for address, cookie in notes.cookies.items() if "/inloggen" not in address} == {}
    assert notes.breaches(lambda look: re.search(r"cookies? (accepteren|toestaan|weigeren)", look.facts["main"], re.IGNORECASE)) == []


def test_no_page_asks_another_host_or_complains_in_the_console(notes: Notes) -> None:
    """PRIV-11."""
    assert {place: said for place, said in notes.complaints.items() if said} == {}


def test_every_page_has_one_main_heading_and_skips_no_level(notes: Notes) -> None:
    def judge(look: Look) -> object:
        levels = [level for level, _ in look.facts["headings"]]
        jumps = [now for before, now in zip([1, *levels], levels, strict=False) if now > before + 1]
        return (levels.count(1) != 1 or jumps) and look.facts["headings"]

    assert notes.breaches(judge) == []


def test_every_page_has_a_title_of_its_own(notes: Notes) -> None:
    titles = [(look.facts["title"], look.place.path.partition("?")[0]) for look in notes.looks]
    assert [path for title, path in titles if len(title) < 8] == []
