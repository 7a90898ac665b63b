"""A mail server that goes away, and workers that die while they talk to it: every mail arrives, and arrives once."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from tests.chaos import filling
from tests.chaos.conftest import Installation, Size
from tests.chaos.programs import MailServer, working_crew
from tests.processes import wait_until
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState
from weekapp.mail.service import queue_mail

pytestmark = pytest.mark.processes


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.is_slow = False
    server.stop()


@pytest.fixture
def environment(installation: Installation, server: MailServer) -> dict[str, str]:
    return installation.environment | {"WEEKAPP_MAIL_URL": server.url}


def promise(mails: int) -> None:
    """So many events that somebody must hear of."""
    for number in range(mails):
        with transaction():
            values = {"number": f"KE27-{number:05d}", "title": "Samen soep eten", "link": "http://127.0.0.1/mijn"}
            queue_mail(f"order-shipped-{number}", "order_shipped", f"persoon{number}@voorbeeld.nl", **values)


def count(*conditions: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(OutgoingMail).where(*conditions)) or 0  # type: ignore[arg-type]


def check_each_once(server: MailServer, mails: int) -> None:
    assert count(OutgoingMail.state == MailState.SENT) == mails
    assert (len(server.accepted), set(Counter(server.accepted).values())) == (mails, {1})


def test_a_mail_server_that_is_away_for_a_while_loses_nothing(
    environment: dict[str, str], installation: Installation, server: MailServer, size: Size, rng: random.Random
) -> None:
    with working_crew(environment, 2, rng) as crew:
        promise(size.mails)
        wait_until(lambda: count(OutgoingMail.problem != "") == size.mails)
        for _ in range(size.tries):  # away for long: tried again and again; the workers die between two tries
            crew.strike()
            crew.kill_all()
            filling.time_passes()
            crew.start()
            wait_until(installation.broker.is_quiet)
        assert count(OutgoingMail.state == MailState.WAITING, OutgoingMail.attempts > size.tries) == size.mails
        server.start()
        filling.settle(installation.broker.is_quiet)
    check_each_once(server, size.mails)


def test_a_worker_killed_in_the_middle_of_a_conversation_sends_the_mail_once(
    environment: dict[str, str], installation: Installation, server: MailServer, size: Size, rng: random.Random
) -> None:
    server.start()
    server.is_slow = True
    with working_crew(environment, 2, rng) as crew:
        promise(size.mails)
        for _ in range(size.tries):
            wait_until(lambda: server.waiting == 2)  # both workers are waiting for the answer to their mail
            crew.kill_all()
            wait_until(lambda: server.waiting == 0)
            filling.time_passes()
            crew.start()
        server.is_slow = False
        wait_until(installation.broker.is_quiet)
        filling.settle(installation.broker.is_quiet)
    check_each_once(server, size.mails)


def test_messages_that_come_twice_and_a_server_that_stumbles_send_each_mail_once(
    environment: dict[str, str], installation: Installation, server: MailServer, size: Size, rng: random.Random
) -> None:
    with working_crew(environment, 2, rng):
        promise(size.mails)
        for turn in range(4):
            wait_until(installation.broker.is_quiet)
            server.start() if turn % 2 else server.stop()
            filling.time_passes()
            filling.time_passes()  # a second message for each mail
        wait_until(installation.broker.is_quiet)
        filling.settle(installation.broker.is_quiet)
    check_each_once(server, size.mails)
