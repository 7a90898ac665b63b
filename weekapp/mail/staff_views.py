"""The mails of a demonstration, to be read in the browser; in production these pages do not exist."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import Blueprint, render_template
from markupsafe import Markup, escape

from weekapp.access import public_form
from weekapp.errors import NotFound
from weekapp.web import settings

bp = Blueprint("mail", __name__)
SHOWN = 100  # newest
FILE_NAME = re.compile(r"\d{8}T\d{6}-\d+")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True)
class Received:
    """One mail as a list shows it."""

    name: str
    subject: str
    to: str
    when: datetime


@bp.get("/post")
@public_form
def post() -> str:
    """All mails, newest first."""
    names = sorted((path.stem for path in folder().glob("*.eml") if FILE_NAME.fullmatch(path.stem)), key=in_time, reverse=True)
    return render_template("mail/post.html", mails=[received(name) for name in names[:SHOWN]])


@bp.get("/post/<name>")
@public_form
def letter(name: str) -> str:
    """One mail, with links that work."""
    mail = read(name)
    plain = mail.get_body(("plain",))
    assert isinstance(plain, EmailMessage), "our mails have a text part"
    return render_template("mail/letter.html", mail=received(name), text=with_links(plain.get_content()))


def folder() -> Path:
    """Where mails lie when they are files; only in demonstrations, since every link in them opens a door."""
    if not settings().demo:
        raise NotFound()
    return settings().data_dir / "mail"


def in_time(name: str) -> tuple[str, int]:
    """A key in the order of time; mails of one second by their number."""
    moment, _, mail_id = name.partition("-")
    return moment, int(mail_id)


def read(name: str) -> EmailMessage:
    path = folder() / f"{name}.eml"
    if not FILE_NAME.fullmatch(name) or not path.is_file():
        raise NotFound()
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def received(name: str) -> Received:
    mail = read(name)
    return Received(name, str(mail["Subject"]), str(mail["To"]), parsedate_to_datetime(str(mail["Date"])))


def with_links(text: str) -> Markup:
    """Text as HTML in which web addresses can be clicked and nothing else means anything."""
    pieces, end = [], 0
    for found in WEB_ADDRESS.finditer(text):
        pieces += [escape(text[end : found.start()]), Markup('<a href="{0}">{0}</a>').format(found.group())]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])
