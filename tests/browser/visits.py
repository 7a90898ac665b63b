"""Goes to every page once, looks at it wide by day and narrow by night, and walks over it with Tab; the tests read these notes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, CDPSession, Page, Response

from tests.browser.places import PLACES, Place
from tests.browser.world import Site
from tests.browsing import NARROW, TAGS, WIDE, Visitor, visitor

FACTS = (Path(__file__).parent / "facts.js").read_text()
AXE = """options => axe.run(document, options).then(found => found.violations.map(
    one => [one.id, one.help, one.nodes.slice(0, 3).map(node => node.target.join(' '))]))"""
OPTIONS = {"resultTypes": ["violations"], "preload": False, "runOnly": TAGS}
UNFOLD = "unfold()"
TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
STEPS, LONG = 20, 45  # Tab presses between two looks; stops after which a walk jumps to the end of the page


@dataclass
class Look:
    """One page at one width."""

    place: Place
    width: int
    url: str
    status: int
    facts: dict[str, Any]
    axe: list[Any]
    spaced: dict[str, Any]
    walk: dict[str, Any] = field(default_factory=dict)  # with Tab; on the wide page

    def __str__(self) -> str:
        return f"{self.place.name} at {self.width} px"


@dataclass
class Notes:
    """What was seen on all pages together."""

    looks: list[Look] = field(default_factory=list)
    complaints: dict[str, list[str]] = field(default_factory=dict)  # console, scripts, other hosts
    cookies: dict[str, str] = field(default_factory=dict)  # address: Set-Cookie, for those who are not signed in

    def breaches(self, judge: Callable[[Look], object]) -> list[str]:
        """The pages of which the judge says anything, with what it says."""
        return [f"{look}: {said}" for look in self.looks if (said := judge(look))]

    @property
    def errors(self) -> list[Look]:
        """Pages that show somebody what to mend."""
        return [look for look in self.looks if look.facts["summary"]]


def look_at_everything(browser: Browser, sites: dict[str, Site]) -> Notes:
    """All places, one person after the other."""
    notes = Notes()
    for key in sorted({(place.site, place.role) for place in PLACES}):
        site = sites[key[0]]
        me = visitor(browser, site.base_url, WIDE)
        me.context.add_init_script(FACTS + AXE_SCRIPT)
        if key[1]:
            me.context.add_cookies([{"name": "weekapp", "value": site.cookies[key[1]], "url": site.base_url}])
        else:
            me.page.on("response", lambda answer: note_cookie(notes, answer))
        for place in PLACES:
            if (place.site, place.role) == key:
                notes.looks += visit(me, site, place)
                notes.complaints[place.name] = me.complaints[:]
                me.complaints.clear()
        me.close()
    return notes


def note_cookie(notes: Notes, answer: Response) -> None:
    if given := answer.headers.get("set-cookie"):
        notes.cookies[answer.url] = given


def visit(me: Visitor, site: Site, place: Place) -> Iterator[Look]:
    """Open it, do what is to be done there, and look at it twice."""
    page = me.page
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = page.goto(site.base_url + place.path.format(**site.found))
    if place.press:
        answer = press(page, place)
    wait_for_script(page, place)
    for (width, height), scheme in ((WIDE, "light"), (NARROW, "dark")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        first = width == WIDE[0]
        if place.wait and not first:
            page.reload()  # as it comes to a phone: a map that is made smaller keeps the pins of the large one
            wait_for_script(page, place)
        page.evaluate(TWO_FRAMES)
        facts, found, spaced = page.evaluate("allFacts()"), page.evaluate(AXE, OPTIONS), page.evaluate("spacedOut()")
        yield Look(place, width, page.url, answer.status if answer else 0, facts, found, spaced, walk(page) if first else {})


TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"  # `autofocus` comes with a frame


def wait_for_script(page: Page, place: Place) -> None:
    """The map comes when it is scrolled to."""
    if place.wait:
        page.locator(".map-box").scroll_into_view_if_needed()
        page.wait_for_selector(place.wait)
        page.evaluate("scrollTo(0, 0)")


def press(page: Page, place: Place) -> Response | None:
    """Fill in the form and send it."""
    page.evaluate(UNFOLD)
    for name, text in place.typed.items():
        box = page.locator(f'main [name="{name}"]')
        if box.first.get_attribute("type") == "radio":
            page.locator(f'main [name="{name}"][value="{text}"]').check()
        elif box.first.evaluate("one => one.tagName") == "SELECT":
            box.select_option(text)
        else:
            box.fill(text)
    with page.expect_navigation() as moved:
        page.locator("main").get_by_role("button", name=place.press).first.click()
    return moved.value


def walk(page: Page) -> dict[str, Any]:
    """Press Tab until the last stop has been reached; of a very long page the middle is left out."""
    count = page.evaluate("startWalk()")
    keys = page.context.new_cdp_session(page)  # one message a press: the key need not come up again
    tab_until(page, keys, min(count, LONG) - 1)
    if count > LONG:
        page.evaluate("skipTo(8)")
        tab_until(page, keys, count - 1)
    keys.detach()
    found: dict[str, Any] = page.evaluate("window.walk")
    return found


def tab_until(page: Page, keys: CDPSession, last: int) -> None:
    """Until that stop has been met. A date has stops of its own inside, so there may be more presses than stops."""
    for _ in range(10 + last // STEPS * 3):
        for _ in range(min(STEPS, last + 1)):
            keys.send("Input.dispatchKeyEvent", TAB)
        if page.evaluate("last => window.walk.met.includes(last)", last):
            return
