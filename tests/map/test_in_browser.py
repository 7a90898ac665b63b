"""The map as people use it: with a mouse, with the keyboard, in a frame; needs Chromium."""

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest

from tests.browsing import NARROW, WIDE
from tests.builders import make_activity, make_edition, make_organisation, make_user
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.geography.rules import Precision
from weekapp.map.skeleton import skeleton

pytestmark = pytest.mark.browser
MAP = f"#{skeleton('').element}"
ACTIVE = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"


@pytest.fixture(autouse=True)
def on_a_day(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def fill(*points, **more):
    with transaction():
        make_edition()
        initiator = make_user("initiator")
        organisation = make_organisation(member=initiator)
        for number, (lon, lat) in enumerate(points):
            make_activity(f"Samen soep eten {number}", lon=lon, lat=lat, initiator=initiator, organisation=organisation, **more)
    db.session.remove()


def copy_the_one_activity(times):
    """Many like the one that is there, in two statements."""
    with transaction():
        activity = dict(db.session.execute(Activity.__table__.select()).mappings().one())
        moment = dict(db.session.execute(Occurrence.__table__.select()).mappings().one())
        numbers = range(1, times + 1)
        db.session.execute(Activity.__table__.insert(), [activity | {"id": activity["id"] + number} for number in numbers])
        copies = [
            moment | {"id": moment["id"] + number, "activity_id": activity["id"] + number, "uid": str(UUID(int=2**64 + number))}
            for number in numbers
        ]
        db.session.execute(Occurrence.__table__.insert(), copies)
    db.session.remove()


def loaded(page, expected):
    page.locator(".map-box").scroll_into_view_if_needed()  # the map comes when it is seen
    page.wait_for_selector(f'{MAP}[data-geladen="{expected}"]')
    page.wait_for_selector(".pin, .cluster")
    return page


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_map_is_accessible_and_asks_no_other_host(somebody, size):
    fill((5.1, 52.1), (5.3, 52.2), (5.1, 52.1), (6.5, 53.2), state=State.PUBLISHED)
    person = somebody(size)
    loaded(person.open("/kaart"), 4)
    person.check()


NAMES_THAT_MEET = """() => {
  const box = one => [one.textContent, one.getBoundingClientRect()];
  const names = [...document.querySelectorAll('.place span')].filter(one => one.checkVisibility({ visibilityProperty: true })).map(box);
  const pins = [...document.querySelectorAll('.pin, .cluster, .map-button')].map(box);
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const over = (one, at) => names.slice(at + 1).concat(pins).filter(other => meet(one[1], other[1])).map(other => one[0] + ' ' + other[0]);
  return [names.map(one => one[0]), names.flatMap(over)];
}"""


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("address", "name"), [("/kaart", "Groningen"), ("/kaart?postcode=3511", "Utrecht")])
def test_names_on_the_map_lie_over_nothing(somebody, size, address, name):
    fill(*((4.4 + 0.17 * number, 51.6 + 0.07 * number) for number in range(12)), (5.1, 52.12), (5.13, 52.08))
    page = somebody(size).open(address)
    page.locator(".map-box").scroll_into_view_if_needed()
    page.wait_for_selector(f"{MAP}[data-geladen]")
    page.wait_for_selector(f"{MAP}[data-namen]")
    names, over_each_other = page.evaluate(NAMES_THAT_MEET)
    assert over_each_other == []
    assert name in names


def test_every_pin_has_a_name_of_its_own(somebody):
    fill((4.9, 52.37), (5.1, 52.1), (5.9, 51.98), (6.5, 53.2))
    page = loaded(somebody().open("/kaart"), 4)
    names = page.eval_on_selector_all(".pin, .cluster", "pins => pins.map(pin => pin.getAttribute('aria-label'))")
    assert len(set(names)) == len(names) == 4
    assert "Samen soep eten 0, Utrecht, donderdag 30 september, 12.00 uur" in names


def test_the_keyboard_opens_a_popup_and_comes_back_out_of_it(somebody):
    fill((5.1, 52.1))
    page = loaded(somebody().open("/kaart"), 1)
    page.focus(".pin")
    page.keyboard.press("Enter")
    page.wait_for_selector(".popup")
    assert page.evaluate(ACTIVE) == "Samen soep eten 0"
    page.keyboard.press("Escape")
    page.wait_for_selector(".popup", state="detached")
    assert page.evaluate(ACTIVE).startswith("Samen soep eten 0, Utrecht")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_popup_fits_in_the_map_with_the_way_to_close_it(somebody, size):
    fill((5.1, 52.1), (5.1, 52.1), (5.1, 52.1), (5.1, 52.1))
    page = loaded(somebody(size).open("/kaart"), 4)
    page.focus(".pin")
    page.keyboard.press("Enter")
    page.wait_for_selector(".popup")
    page.wait_for_selector(f"{MAP}[data-namen]")  # it has made room for itself
    outside = """() => {
      const edge = document.querySelector('.map-box').getBoundingClientRect();
      return ['.leaflet-popup-content-wrapper', '.leaflet-popup-close-button'].filter(part => {
        const box = document.querySelector(part).getBoundingClientRect();
        return box.left < edge.left || box.right > edge.right || box.top < edge.top || box.bottom > edge.bottom;
      });
    }"""
    page.wait_for_function(f"!({outside})().length")


def test_the_link_in_a_popup_leads_to_the_activity(somebody):
    fill((5.1, 52.1))
    page = loaded(somebody().open("/kaart"), 1)
    page.focus(".pin")
    page.keyboard.press(" ")
    page.wait_for_selector(".popup")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("-samen-soep-eten-0")


def test_three_thousand_on_one_point_are_one_pin_with_a_list(somebody, site):
    fill((5.1, 52.1))
    copy_the_one_activity(times=2999)
    page = somebody().page
    page.goto(f"{site}/kaart")  # not judged by axe: its 3,000 lines would take a minute
    loaded(page, 3000)
    assert page.locator(".pin").count() == 1
    page.locator(".pin").click()
    page.wait_for_selector(".popup")
    assert page.locator(".popup__title").inner_text() == "3000 activiteiten op deze plek"
    assert page.locator(".popup li").count() == 50
    with page.expect_navigation():
        page.get_by_role("link", name="Bekijk ze allemaal in de lijst").click()
    assert page.locator('[role="status"]').get_attribute("data-aantal") == "3000"


def test_a_title_with_html_is_text_on_the_map_too(somebody):
    with transaction():
        make_activity("<img src=x onerror=alert(1)> & soep", lon=5.1, lat=52.1)
    db.session.remove()
    person = somebody()
    person.page.emulate_media(reduced_motion="reduce")  # nothing half faded in when axe measures contrast
    page = loaded(person.open("/kaart"), 1)
    page.locator(".pin").click()
    page.wait_for_selector(".popup")
    assert page.locator(".popup__title").inner_text() == "<img src=x onerror=alert(1)> & soep"
    assert page.locator(".popup img").count() == 0
    person.check()


def test_buttons_move_and_zoom_without_dragging(somebody):
    fill((4.9, 52.37), (6.5, 53.2))
    page = loaded(somebody().open("/kaart"), 2)
    before = page.evaluate("[kaart_nl.getZoom(), kaart_nl.getCenter().lat, kaart_nl.getCenter().lng]")
    for name in ("Dichterbij", "Naar boven", "Naar rechts"):
        page.get_by_role("button", name=name).click()
        page.wait_for_timeout(500)
    after = page.evaluate("[kaart_nl.getZoom(), kaart_nl.getCenter().lat, kaart_nl.getCenter().lng]")
    assert all(late > early for early, late in zip(before, after, strict=True))


def test_who_moves_the_map_is_offered_to_search_there(somebody):
    fill((4.9, 52.37), (6.5, 53.2))
    person = somebody()
    page = loaded(person.open("/kaart?q=soep"), 2)
    offer = page.get_by_role("link", name="Zoek in dit gebied")
    assert not offer.is_visible()
    for _ in range(3):
        page.get_by_role("button", name="Naar boven").click()
        page.wait_for_timeout(400)
    offer.wait_for()
    person.check()
    with page.expect_navigation():
        offer.click()
    loaded(page, 1)
    assert "q=soep" in page.url
    assert page.locator('[role="status"]').get_attribute("data-aantal") == "1"


def test_a_popup_that_makes_room_for_itself_is_no_move(somebody):
    fill((4.9, 53.4))
    page = loaded(somebody().open("/kaart"), 1)
    page.locator(".pin").click()
    page.wait_for_selector(".popup")
    page.wait_for_timeout(400)
    assert not page.get_by_role("link", name="Zoek in dit gebied").is_visible()


def test_a_popup_says_how_exact_the_place_is(somebody):
    fill((5.1, 52.1), precision=Precision.MUNICIPALITY)
    page = loaded(somebody().open("/kaart"), 1)
    page.locator(".pin").click()
    page.wait_for_selector(".popup")
    assert "Van deze plek weten we alleen de gemeente." in page.locator(".popup").inner_text()


def test_the_place_of_somebody_is_asked_after_a_press_only_and_sent_rounded(somebody, site):
    fill((5.1, 52.1))
    person = somebody()
    person.context.grant_permissions(["geolocation"], origin=site)
    person.context.set_geolocation({"longitude": 5.123456, "latitude": 52.091234})
    sent = []
    person.page.on("request", lambda request: sent.append(request.url))
    page = person.open("/activiteiten?gratis=1")
    assert not any("plek=" in url for url in sent)
    with page.expect_navigation(url="**/activiteiten?postcode=*"):
        page.get_by_role("button", name="Bij mij in de buurt").click()
    assert [url.partition("plek=")[2].partition("&")[0] for url in sent if "plek=" in url] == ["5.12%2C52.09"]
    assert "gratis=1" in page.url
    assert not any("123456" in url for url in sent)


def test_who_does_not_want_to_say_where_they_are_can_fill_in_a_postcode(somebody):
    page = somebody().open("/activiteiten")
    page.get_by_role("button", name="Bij mij in de buurt").click()
    page.get_by_text("Vul je postcode in.").wait_for()


def test_a_search_zooms_to_what_it_found(somebody):
    fill((4.9, 52.37), (6.5, 53.2), (6.6, 53.25))
    page = loaded(somebody().open("/kaart?bbox=6,53,7,54"), 2)
    assert page.evaluate("kaart_nl.getBounds().getWest()") > 5


def test_without_javascript_the_list_is_there_and_the_map_says_why_it_is_not(somebody):
    fill((5.1, 52.1))
    person = somebody(javascript=False)
    page = person.page
    page.goto(person.base_url + "/kaart")  # axe needs JavaScript itself
    assert page.get_by_role("link", name="Samen soep eten 0").is_visible()
    assert page.get_by_text("Voor de kaart is JavaScript nodig.").is_visible()


class AnotherSite(BaseHTTPRequestHandler):
    """A page of a municipality that frames the small map."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        frame = f'<iframe src="{self.server.site}{self.path}" width="600" height="800" title="Kom erbij"></iframe>'
        self.wfile.write(f'<!doctype html><html lang="nl"><title>Gemeente</title><link rel="icon" href="data:,">{frame}</html>'.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def another_site(site):
    """The address of a website on another port that frames the path that it is asked for."""
    other = ThreadingHTTPServer(("127.0.0.1", 0), AnotherSite)
    other.site = site
    thread = threading.Thread(target=other.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{other.server_port}"
    other.shutdown()
    thread.join()
    other.server_close()


def test_the_small_map_works_inside_another_site_and_zooms_to_the_municipality(somebody, another_site):
    fill((5.1, 52.1))
    person = somebody()
    person.page.goto(f"{another_site}/kaart/insluiten?gemeente=utrecht")
    inside = person.page.frame_locator("iframe")
    inside.locator(f'{MAP}[data-geladen="1"]').wait_for()
    inside.locator(".pin").click()
    assert inside.locator(".popup a").get_attribute("target") == "_blank"
    assert person.page.frames[1].evaluate("kaart_nl.getZoom()") >= 10
    assert person.context.cookies() == []


def test_the_small_map_of_a_municipality_without_activities_shows_the_municipality(somebody, another_site):
    fill((5.1, 52.1))
    person = somebody()
    person.page.goto(f"{another_site}/kaart/insluiten?gemeente=groningen")
    person.page.frame_locator("iframe").locator(f'{MAP}[data-geladen="0"]').wait_for()
    assert person.page.frames[1].evaluate("kaart_nl.getZoom()") >= 9
    assert person.page.frames[1].evaluate("kaart_nl.getCenter().lat") > 53


def test_a_small_map_that_is_folded_away_at_first_zooms_when_it_is_seen(somebody, another_site):
    fill((5.1, 52.1))
    person = somebody()
    person.page.goto(f"{another_site}/geen")
    person.page.evaluate("document.querySelector('iframe').style.display = 'none'")
    person.page.evaluate(f"document.querySelector('iframe').src = '{person.base_url}/kaart/insluiten?gemeente=utrecht'")
    person.page.wait_for_timeout(1500)
    person.page.evaluate("document.querySelector('iframe').style.display = ''")
    inside = person.page.frame_locator("iframe")
    inside.locator(f'{MAP}[data-geladen="1"]').wait_for()
    person.page.frames[1].wait_for_function("kaart_nl.getZoom() >= 10")


def test_the_list_works_inside_another_site(somebody, another_site):
    fill((5.1, 52.1))
    person = somebody()
    person.page.goto(f"{another_site}/activiteiten/insluiten?gemeente=utrecht")
    inside = person.page.frame_locator("iframe")
    assert inside.get_by_role("link", name="Samen soep eten 0").get_attribute("target") == "_blank"
    assert inside.locator('[role="status"]').get_attribute("data-aantal") == "1"
    assert person.context.cookies() == []


def test_other_pages_do_not_open_inside_another_site(somebody, another_site):
    person = somebody()
    person.page.goto(f"{another_site}/activiteiten")
    assert person.page.frame_locator("iframe").get_by_role("search").count() == 0
