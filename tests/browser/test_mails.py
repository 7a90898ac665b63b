"""A11Y-17: every mail as it is read, in both languages, with values that are believable (tests/mail/letters.py).

That both parts hold the same words and links, and that a mail survives the wire, is tested in tests/mail/test_render.py.
"""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.architecture.plain_dutch import RULES, problems
from tests.browser.visits import AXE, OPTIONS
from tests.browser.world import Site
from tests.browsing import NARROW
from tests.mail.letters import LETTERS
from weekapp.core import settings
from weekapp.languages import speaking
from weekapp.mail.render import Text, render

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every page")]
LANGUAGES = pytest.mark.parametrize("language", ["nl", "en"])
TELLING = re.compile(r"eenzaam|lonel|soep|soup|activiteit van|sam\b", re.IGNORECASE)  # what the example is about, and for whom
VALUES = ("waarde van", "Samen soep eten", "KE27", "https:")  # an example is not our text


@pytest.fixture
def letters(sites: dict[str, Site], language: str) -> dict[str, Text]:
    """All mails in a language."""
    with sites["full"].app.app_context(), speaking(language):
        return {template: render(template, values) for template, values in LETTERS.items()}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A mail box on a phone."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    page.goto("about:blank")
    yield page
    context.close()


@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a11y_17_axe_finds_nothing_in_a_mail_and_nothing_is_cut_off(page: Page, letters: dict[str, Text], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}
    for template, text in letters.items():
        page.set_content(text.html)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[template] = [one for one in page.evaluate(AXE, OPTIONS) if one[0] not in NOT_IN_A_MAIL] + [wide] * (wide > 0)
    assert {template: said for template, said in found.items() if said} == {}


NOT_IN_A_MAIL = {"page-has-heading-one"}  # the subject is the heading; the mail box shows it above the text


@LANGUAGES
def test_a11y_17_links_say_where_they_lead(page: Page, letters: dict[str, Text]) -> None:
    for template, text in letters.items():
        page.set_content(text.html)
        words = page.eval_on_selector_all("a", "links => links.map(link => link.textContent.trim())")
        assert not [word for word in words if len(word) < 5 or word.lower() in {"klik hier", "hier", "click here", "link"}], template


@LANGUAGES
def test_a11y_17_both_parts_of_a_mail_say_the_same(page: Page, letters: dict[str, Text]) -> None:
    """As a browser shows the one and a program shows the other, without the addresses behind links."""
    for template, text in letters.items():
        page.set_content(text.html)
        shown = page.locator("body").inner_text().split()
        assert re.sub(r":\nhttps?://\S+", "", text.plain).split() == shown, template


@LANGUAGES
def test_a11y_17_the_subject_and_the_sender_tell_a_housemate_nothing(letters: dict[str, Text], sites: dict[str, Site]) -> None:
    assert {template: text.subject for template, text in letters.items() if TELLING.search(text.subject)} == {}
    with sites["full"].app.app_context():
        assert not TELLING.search(settings().mail_sender)


@pytest.mark.parametrize("language", ["nl"])
def test_a11y_17_mails_are_plain_dutch_as_they_are_read(letters: dict[str, Text]) -> None:
    """The rules of the catalogue for the whole mail: sentences that are put together there are not longer or stiffer than their parts."""
    found = {
        template: [
            (rule, sentence)
            for rule, _, sentence in problems(own_words(text.plain))
            if rule in RULES and not any(v in sentence for v in VALUES)
        ]
        for template, text in letters.items()
    }
    assert {template: said for template, said in found.items() if said} == {}


def own_words(plain: str) -> str:
    """The text of a mail without addresses; each line and each value ends a sentence."""
    lines = [line.strip() for line in re.sub(r"https?://\S+|\S+@\S+", "", plain).splitlines()]
    return " ".join(line if line.endswith((".", "?", "!", ":")) else f"{line}." for line in lines if line)
