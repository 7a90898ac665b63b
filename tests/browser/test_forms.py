"""FORM-01 to FORM-10 of public-sector.md, each by name, over every page with a form (tests/browser/places.py)."""

import re

import pytest

from tests.browser.visits import Look, Notes
from tests.browsing import WIDE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("every page")]
TOKENS = {  # what a field is called, and what a browser may fill it in with (WCAG 1.3.5); house numbers have no token of their own
    r"(^|[-_])(first_name)$": {"given-name", "off"},
    r"(^|[-_])(email)$": {"email", "off", "username"},
    r"(^|[-_])(phone)$": {"tel", "off"},
    r"(^|[-_])(postcode)$": {"postal-code", "off"},
    r"(^|[-_])(password)$": {"current-password"},
    r"^(attention)$": {"name", "off"},
}
FORMULA = re.compile(r"(dit veld is verplicht|verplicht veld|is required|this field)", re.IGNORECASE)


def fields(look: Look, wrong: str) -> list[str]:
    """The fields of which a fact is true."""
    return [field["called"] for field in look.facts["fields"] if field[wrong]]


def test_there_are_pages_after_a_mistake_of_each_kind_of_form(notes: Notes) -> None:
    assert len({look.place.path for look in notes.errors}) >= 15


def test_form_01_the_summary_stands_above_the_form_has_the_focus_and_leads_to_the_fields(notes: Notes) -> None:
    def judge(look: Look) -> object:
        summary = look.facts["summary"]
        if not summary:
            return None
        lines = [line["text"] for line in summary["lines"]]
        at_once = [line["href"] for line in summary["lines"] if "/scannen" in look.url]  # whoever scans goes on scanning
        return [
            word
            for word, wrong in {
                "inside the form": summary["inForm"],
                "not above the form": not summary["aboveForm"],
                "no heading": not summary["heading"],
                "no lines": not lines,
                "no focus": look.width == WIDE[0] and look.facts["focused"] not in {"fouten", *at_once},
                f"leads nowhere: {summary['lines']}": any(line["href"] and not line["field"] for line in summary["lines"]),
                f"not at the field too: {lines} {look.facts['fieldErrors']}": any(
                    line["href"] and not any(line["text"] in error for error in look.facts["fieldErrors"]) for line in summary["lines"]
                ),
            }.items()
            if wrong
        ]

    assert notes.breaches(judge) == []


def test_form_02_each_message_says_what_to_do(notes: Notes) -> None:
    said = {error.removeprefix("Fout: ") for look in notes.errors for error in look.facts["fieldErrors"]}
    assert len(said) > 15
    assert [error for error in said if FORMULA.search(error) or len(error.split()) < 3] == []


def test_form_03_what_may_stay_empty_is_said_and_the_browser_stays_silent(notes: Notes) -> None:
    assert notes.breaches(lambda look: fields(look, "required")) == []
    assert (
        notes.breaches(
            lambda look: [form["action"] for form in look.facts["forms"] if form["posts"] and form["asks"] and not form["novalidate"]]
        )
        == []
    )


def test_form_03_a_field_is_needed_or_says_that_it_is_not(notes: Notes) -> None:
    """In forms for everybody it is said above the form too."""

    def judge(look: Look) -> object:
        asks = [form for form in look.facts["forms"] if form["posts"] and form["asks"] and form["needed"] + form["optional"] > 3]
        return not look.place.role and [
            form["action"] for form in asks if form["optional"] and "niet verplicht" not in form["text"] + form["before"]
        ]

    assert notes.breaches(judge) == []


def test_form_04_help_and_errors_belong_to_their_field(notes: Notes) -> None:
    def judge(look: Look) -> object:
        broken = [
            f"{field['called']} {field['described']}" for field in look.facts["fields"] if any(not text for _, text in field["described"])
        ]
        silent = [
            field["called"]
            for field in look.facts["fields"]
            if field["invalid"] and not any(text.startswith(("Fout:", "Error:")) for _, text in field["described"])
        ]
        return broken + silent

    assert notes.breaches(judge) == []


def test_form_04_a_field_with_an_error_says_so_to_a_screen_reader(notes: Notes) -> None:
    def judge(look: Look) -> object:
        linked = [line["href"] for line in (look.facts["summary"] or {"lines": []})["lines"] if line["field"]]
        known = {field["id"]: field for field in look.facts["fields"]}
        return [name for name in linked if name in known and not known[name]["invalid"] and not known[name]["needle"]]

    assert notes.breaches(judge) == []


def test_form_05_the_label_stands_above_its_field_and_is_text(notes: Notes) -> None:
    assert notes.breaches(lambda look: fields(look, "linkInLabel") + fields(look, "placeholder")) == []
    assert notes.breaches(lambda look: [f["called"] for f in look.facts["fields"] if not f["label"] or not f["labelShown"]]) == []
    assert notes.breaches(lambda look: [f["called"] for f in look.facts["fields"] if not f["labelAbove"]]) == []


def test_form_06_a_browser_may_fill_in_what_it_knows(notes: Notes) -> None:
    def judge(look: Look) -> object:
        return [
            (field["called"], field["autocomplete"])
            for field in look.facts["fields"]
            for pattern, tokens in TOKENS.items()
            if field["posts"] and re.search(pattern, field["name"]) and not set(field["autocomplete"].split()) & tokens
        ]

    assert notes.breaches(judge) == []


def test_form_07_no_button_is_dead_groups_have_a_question_and_the_order_is_left_alone(notes: Notes) -> None:
    def judge(look: Look) -> object:
        dead = [button["called"] for button in look.facts["buttons"] if button["disabled"]]
        early = [one["called"] for one in look.facts["buttons"] + look.facts["fields"] if one["tabindex"] > 0]
        loose = [one for form in look.facts["forms"] for one in form["groups"]]
        mute = [one["called"] for one in look.facts["fields"] if one["type"] == "radio" and not one["legend"]]
        return dead + early + loose + mute

    assert notes.breaches(judge) == []


def test_form_08_there_is_more_than_one_way_to_reach_us(notes: Notes) -> None:
    assert (
        notes.breaches(lambda look: not look.facts["embedded"] and not (look.facts["help"]["mail"] and look.facts["help"]["phone"])) == []
    )


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ('after "Meld mij aan"', ("mail", "knop")),
        ("{confirmed}", ("2 werkdagen", "Wat gebeurt er nu?")),
        ("/meedoen/{sent}/verstuurd", ("Wat gebeurt er daarna?", "Geen mail gekregen?")),
        ("{link_confirmed}", ("Tot dan", "Afmelden")),
        ("/inloggen/verstuurd", ("mail",)),
        ("fout-melden", ("kijken",)),
    ],
)
def test_form_09_a_confirmation_says_what_happens_next(notes: Notes, start: str, words: tuple[str, ...]) -> None:
    pages = [look for look in notes.looks if start in look.place.name and not look.facts["summary"] and look.status == 200]
    assert pages
    assert any(all(word in look.facts["main"] for word in words) for look in pages)


def test_form_10_the_last_step_shows_all_answers_and_every_step_says_where_it_is(notes: Notes) -> None:
    steps = [look for look in notes.looks if "/meedoen/{draft}" in look.place.path]
    assert steps
    assert [
        str(look)
        for look in steps
        if not re.search(r"Stap \d van 5", look.facts["title"]) or not re.search(r"Stap \d van 5", look.facts["step"])
    ] == []
    (last, *_) = [look for look in steps if look.place.path.endswith("controleren")]
    assert last.facts["main"].count("Wijzig ") == 4


def test_form_10_the_title_says_that_something_is_wrong(notes: Notes) -> None:
    assert (
        notes.breaches(
            lambda look: bool(look.facts["summary"]) != look.facts["title"].startswith(("Fout:", "Error:")) and look.facts["title"]
        )
        == []
    )
