"""Templates: every word through the catalogue (TAAL-08), nothing inline (SEC-02), nothing loaded from elsewhere (PRIV-11)."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.architecture.catalogue import ROOT

TEMPLATES = ROOT / "templates"
JINJA = re.compile(r"{#.*?#}|{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}|{{.*?}}|{%.*?%}", re.DOTALL)
READ_ALOUD = {"aria-label", "alt", "title", "placeholder", "aria-description", "aria-roledescription", "aria-valuetext", "label"}
LOADED = {"src", "srcset", "poster", "data", "action", "formaction", "xlink:href", "background"}
ELSEWHERE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")
# pieces of attributes that a macro makes, names of formats, addresses, and the line of a mail that weekapp.mail.render takes off
NO_TEXT = re.compile(r'[\w:-]+="[^"]*"|\u00b7-\w+|\b(?:JSON|GeoJSON|Atom|CSV|iCalendar|XLSX|PDF|ZIP)\b|(?<!\w)/[\w/.-]+|\AOnderwerp:')


class Reader(HTMLParser):
    """Collects what is wrong in one template, with the line."""

    def __init__(self, *, is_mail: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.is_mail = is_mail  # a mail has no CSP and no other place for its style
        self.wrong: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside.append(tag)
        if tag == "style" and not self.is_mail:
            self.note("<style>: put it in a file in weekapp/static")
        if tag == "script" and "src" not in given and "json" not in given.get("type", ""):
            self.note("inline <script>: put it in a file in weekapp/static")
        for name, value in given.items():
            self.check(tag, name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            del self.inside[self.inside.index(tag) :]

    def check(self, tag: str, name: str, value: str) -> None:
        if name == "style" or name.startswith("on") or value.lower().startswith("javascript:"):
            self.note(f"{name}= is inline: the CSP refuses it")
        if name in READ_ALOUD and LETTER.search(value):
            self.note(f"{name}={value!r} is outside the catalogue")
        is_loaded = name in LOADED or (name == "href" and tag in {"link", "use", "image"})
        if is_loaded and ELSEWHERE.match(value):
            self.note(f"{name}={value!r} loads from another host")

    def handle_data(self, data: str) -> None:
        if LETTER.search(NO_TEXT.sub("", data)) and not {"script", "style"} & set(self.inside):
            self.note(f"text outside the catalogue: {' '.join(data.split())[:60]!r}")

    def note(self, what: str) -> None:
        self.wrong.append(f"line {self.getpos()[0]}: {what}")


def without_jinja(source: str) -> str:
    """The template as HTML: each piece of Jinja becomes as many line ends as it had, and a sign that is no letter."""
    return JINJA.sub(lambda piece: "\u00b7" + "\n" * piece.group().count("\n"), source)


def problems(source: str, *, is_mail: bool = False) -> list[str]:
    reader = Reader(is_mail=is_mail)
    reader.feed(without_jinja(source))
    reader.close()
    return reader.wrong


@pytest.mark.parametrize(
    "path", sorted(p for p in TEMPLATES.rglob("*") if p.suffix in {".html", ".txt"}), ids=lambda p: str(p.relative_to(TEMPLATES))
)
def test_a_template_holds_no_loose_text_nothing_inline_and_no_other_host(path: Path) -> None:
    assert problems(path.read_text(encoding="utf-8"), is_mail=path.parent.name == "mail") == []


def test_attributes_that_jinja_writes_are_not_inline_either() -> None:
    """A style or handler that is hidden in a `{{ field(style=...) }}`."""
    hidden = re.compile(r"[(,]\s*(?:style|on\w+)\s*=")
    found = [
        str(p.relative_to(ROOT))
        for p in TEMPLATES.rglob("*.html")
        if any(hidden.search(one) for one in re.findall(r"{{.*?}}", p.read_text(), re.DOTALL))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hallo</p>",
        '<img src="x.png" alt="Een stoel">',
        '<p style="color: red">{{ _("x") }}</p>',
        '<button onclick="go()">{{ _("x") }}</button>',
        "<script>go()</script>",
        "<style>p {}</style>",
        '<script src="https://cdn.example.org/x.js"></script>',
        '<link href="//cdn.example.org/x.css" rel="stylesheet">',
        '<a href="javascript:go()">{{ _("x") }}</a>',
    ],
)
def test_the_lint_finds_what_it_is_for(source: str) -> None:
    assert problems(source)


def test_the_lint_leaves_good_templates_alone() -> None:
    good = "{# Een opmerking #}<p title=\"{{ _('Hallo') }}\">{% trans %}Hallo{% endtrans %} {{ naam }} - 12 &middot;</p>"
    assert problems(good + '<a href="https://example.org">{{ _("Daar") }}</a>') == []
