import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from tests.mail.letters import LETTERS, OPTIONAL
from weekapp.core import settings
from weekapp.mail.render import message, render

NOON = datetime(2027, 9, 1, 12, tzinfo=UTC)


class Words(HTMLParser):
    """The words and links of an HTML mail, in the order in which they are read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside, self.words, self.links, self.tags = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.inside.append(tag) if tag not in {"meta", "br"} else None
        if tag == "a":
            self.links.append(dict(attributes)["href"])

    def handle_endtag(self, tag):
        self.inside.remove(tag)

    def handle_data(self, data):
        if not {"style", "title"} & set(self.inside):
            self.words += data.split()


def mail_of(app, template, **more):
    text = render(template, LETTERS[template] | more)
    return message(text, recipient="sam@voorbeeld.nl", event_key="proef 1", written_at=NOON, settings=settings())


@pytest.mark.parametrize("template", LETTERS)
def test_both_parts_say_the_same(app, template):
    text = render(template, LETTERS[template])
    html = Words(text.html)
    links = [link for link in html.links if link.startswith("https:")]
    assert re.findall(r"https://\S+", text.plain) == links
    without_links = re.sub(r":\nhttps://\S+", "", text.plain)
    assert without_links.split() == html.words


@pytest.mark.parametrize("template", LETTERS)
def test_html_is_dutch_and_holds_no_image_or_script(app, template):
    html = Words(render(template, LETTERS[template]).html)
    assert ("html", {"lang": "nl", "dir": "ltr"}) in html.tags
    assert not {"img", "script", "iframe", "link", "form"} & {tag for tag, _attributes in html.tags}


@pytest.mark.parametrize("template", LETTERS)
def test_subjects_are_neutral(app, template):
    subject = render(template, LETTERS[template]).subject
    assert 5 < len(subject) < 60
    assert "eenzaam" not in (subject + settings().mail_sender).lower()


@pytest.mark.parametrize("template", LETTERS)
def test_a_missing_value_raises_instead_of_leaving_a_hole(app, template):
    for name in set(LETTERS[template]) - OPTIONAL:
        with pytest.raises(UndefinedError):
            render(template, {other: value for other, value in LETTERS[template].items() if other != name})


def test_html_in_a_title_stays_text(app):
    text = render("activity_published", LETTERS["activity_published"] | {"title": "<b>Soep</b>", "order_words": ""})
    assert "&lt;b&gt;Soep&lt;/b&gt;" in text.html
    assert "<b>Soep</b>" in text.plain


def test_a_web_address_in_a_name_is_not_a_link(app):
    text = render("confirm_registration", LETTERS["confirm_registration"] | {"name": "Win op https://kwaad.example"})
    assert "kwaad.example" not in text.plain
    assert "kwaad.example" not in text.html


def test_both_parts_survive_the_wire(app):
    wire = mail_of(app, "activity_returned", name="Zoë", reason="Één\ntwee").as_bytes()
    mail = message_from_bytes(wire, policy=default)
    assert "Hallo Zoë," in mail.get_body(("plain",)).get_content()
    assert "Één" in mail.get_body(("html",)).get_content()
    assert max(len(line) for line in wire.splitlines()) <= 998


def test_the_same_event_always_has_the_same_message_id(app):
    first, again = mail_of(app, "order_shipped"), mail_of(app, "order_shipped", number="KE27-00002")
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@example.org>")


def test_the_mail_says_that_it_is_dutch(app):
    assert mail_of(app, "order_shipped")["Content-Language"] == "nl"


def test_nobody_answers_automatically(app):
    assert mail_of(app, "order_shipped")["Auto-Submitted"] == "auto-generated"


def test_a_line_end_in_the_recipient_starts_no_header(app):
    text = render("sign_in_staff", LETTERS["sign_in_staff"])
    with pytest.raises(ValueError, match="linefeed"):
        message(text, recipient="a@b.nl\nBcc: x@y.nl", event_key="x", written_at=NOON, settings=settings())
