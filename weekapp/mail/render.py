"""A mail as text: subject, plain part and HTML part with the same content, from `templates/mail/<template>.txt` and `.html`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from flask import current_app
from jinja2 import Environment, StrictUndefined

from weekapp.config import Settings
from weekapp.languages import current, own_address
from weekapp.mail import rules

SUBJECT = "Onderwerp: "


@dataclass(frozen=True)
class Text:
    """What stands in a mail."""

    subject: str
    plain: str
    html: str


def render(template: str, values: Mapping[str, str]) -> Text:
    """Fill a template; a value that is missing raises, instead of a mail with a hole in it."""
    shown = {name: shown_value(name, value) for name, value in values.items()}
    first, _, plain = environment(autoescape=False).get_template(f"mail/{template}.txt").render(shown).partition("\n")
    subject = " ".join(first.removeprefix(SUBJECT).split())
    if not first.startswith(SUBJECT) or not rules.is_one_line(subject):
        raise ValueError(f"templates/mail/{template}.txt must begin with '{SUBJECT}'")
    html = environment(autoescape=True).get_template(f"mail/{template}.html").render(shown, subject=subject)
    return Text(subject, plain.strip() + "\n", html)


def shown_value(name: str, value: str) -> str:
    """Links lead to pages in the language of the mail; what anybody typed is no link."""
    return (
        rules.not_a_link(value) if name in rules.TYPED_BY_ANYONE else own_address(value, current()) if value.startswith("http") else value
    )


def environment(*, autoescape: bool) -> Environment:
    """The templates of the site, but strict; made once, since it keeps the compiled templates."""
    name = f"weekapp.mail {autoescape}"
    if name not in current_app.extensions:
        current_app.extensions[name] = current_app.jinja_env.overlay(autoescape=autoescape, undefined=StrictUndefined)
    made: Environment = current_app.extensions[name]
    return made


def message(text: Text, *, recipient: str, event_key: str, written_at: datetime, settings: Settings) -> EmailMessage:
    """The mail on the wire. The same event always has the same Message-ID: if it must go out twice after a crash, mail boxes see one."""
    _, sender = parseaddr(settings.mail_sender)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.mail_sender
    mail["To"] = recipient
    mail["Reply-To"] = settings.contact_email
    mail["Subject"] = text.subject
    mail["Date"] = format_datetime(written_at)
    mail["Message-ID"] = f"<{sha256(event_key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    mail.set_content(text.plain, cte="quoted-printable")
    mail.add_alternative(text.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = current()  # after the parts: filling them clears what begins with Content-
    return mail
