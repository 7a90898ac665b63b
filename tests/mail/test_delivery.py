import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, text, update

from tests.mail.letters import LETTERS
from weekapp import clock
from weekapp.core import settings
from weekapp.db import db, transaction
from weekapp.mail import queries, service
from weekapp.mail.delivery import deliver
from weekapp.mail.models import OutgoingMail


class Server:
    """A real mail server that keeps what it gets, and refuses when told to."""

    def __init__(self) -> None:
        self.mails, self.refusal = [], ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def server(app) -> Iterator[Server]:
    server = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    before = settings()
    app.config["SETTINGS"] = replace(before, mail_url=f"smtp://127.0.0.1:{port}")
    yield server
    app.config["SETTINGS"] = before
    controller.stop()


@pytest.fixture
def folder(app, tmp_path):
    before = settings()
    app.config["SETTINGS"] = replace(before, data_dir=tmp_path)
    yield tmp_path / "mail"
    app.config["SETTINGS"] = before


def queued(key="proef 1"):
    with transaction():
        return service.queue_mail(key, "order_shipped", "sam@voorbeeld.nl", **LETTERS["order_shipped"]).id


def row():
    db.session.expire_all()
    return db.session.scalars(select(OutgoingMail)).one()


def test_a_mail_reaches_the_mail_server_once(server):
    mail_id = queued()
    assert [deliver(mail_id), deliver(mail_id)] == ["sent", "skipped"]
    assert [mail.rcpt_tos for mail in server.mails] == [["sam@voorbeeld.nl"]]
    assert server.mails[0].mail_from == "kom-erbij@example.org"
    assert message_from_bytes(server.mails[0].content, policy=default)["Subject"] == "Je pakket is onderweg"


def test_a_refusal_is_kept_without_the_address(server):
    server.refusal = "550 sam@voorbeeld.nl bestaat niet"
    assert deliver(queued()) == "later"
    assert row().problem == "SMTPRecipientsRefused 550"


def test_a_mail_server_that_is_away_costs_nothing_but_time(server, app):
    mail_id = queued()
    app.config["SETTINGS"] = replace(settings(), mail_url="smtp://127.0.0.1:1")
    assert deliver(mail_id) == "later"
    assert row().problem == "ConnectionRefusedError"


def test_others_can_write_while_the_mail_server_talks(server, app, monkeypatch):
    async def handle(_self, _server, _session, _envelope):
        with app.app_context(), transaction():
            if db.engine.dialect.name == "postgresql":
                db.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            db.session.execute(update(OutgoingMail).values(problem="veranderd"))
        return "250 OK"

    monkeypatch.setattr(Server, "handle_DATA", handle)
    assert deliver(queued()) == "sent"


def test_without_a_mail_server_a_mail_is_a_file(folder):
    mail_id = queued()
    assert deliver(mail_id) == "sent"
    (file,) = folder.iterdir()
    assert file.name.endswith(f"-{mail_id}.eml")
    assert message_from_bytes(file.read_bytes(), policy=default)["To"] == "sam@voorbeeld.nl"


def test_a_worker_that_dies_after_writing_leaves_one_file(folder, at):
    mail_id = queued()
    with transaction():
        letter = service.take(mail_id)
    folder.mkdir()
    (folder / letter.file_name).write_bytes(letter.message.as_bytes())
    at(row().next_try_at)
    assert queries.due(clock.now(), 10) == [mail_id]
    assert deliver(mail_id) == "sent"
    assert len(list(folder.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_tried_again(folder):
    folder.write_text("een bestand in plaats van een map")
    assert deliver(queued()) == "later"
