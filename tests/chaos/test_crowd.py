"""Two hundred people want fifty packages at the same moment: fifty get one, the others wait in line, nobody sees an error."""

import http.client
import json
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from copy import deepcopy
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from fulfilment import reconcile
from tests.builders import make_edition, make_package
from tests.chaos import filling
from tests.chaos.conftest import Installation
from tests.processes import ROOT, running_web, stop
from tests.registration.filling import Person
from weekapp import addresses, clock
from weekapp.accounts.service import hash_of
from weekapp.db import db, transaction
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import Package
from weekapp.registration.models import Progress, Registration

pytestmark = pytest.mark.processes
PEOPLE, PACKAGES, PROCESSES = 200, 50, 4


def test_two_hundred_orders_for_fifty_packages_in_four_processes(installation: Installation) -> None:
    filling.set_the_table(stock=PACKAGES)
    became = Counter[str]()
    each = PEOPLE // PROCESSES
    with ExitStack() as stack:
        crowds = []
        for first in range(0, PEOPLE, each):
            command = [sys.executable, "-m", "tests.chaos.crowd", str(first), str(first + each)]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            crowd = subprocess.Popen(command, env=installation.environment, cwd=ROOT, start_new_session=True, **pipes)  # type: ignore[call-overload]
            stack.callback(stop, crowd)
            stack.enter_context(crowd.stdout)
            stack.enter_context(crowd.stdin)
            crowds.append(crowd)
        for crowd in crowds:
            assert crowd.stdout.readline() == "ready\n"
        for crowd in crowds:
            crowd.stdin.write("go\n")
            crowd.stdin.flush()
        for crowd in crowds:
            became.update(json.loads(crowd.stdout.readline()))
            crowd.wait(60)
    assert became == {"approved": PACKAGES, "waiting": PEOPLE - PACKAGES}
    check_the_line({State.APPROVED: PACKAGES, State.WAITING: PEOPLE - PACKAGES})


def check_the_line(states: dict[State, int]) -> None:
    """The numbers, and that who waits came later than who did not."""
    db.session.rollback()
    orders = list(db.session.execute(select(Order.number, Order.state).order_by(Order.number)))
    assert Counter(state for _number, state in orders) == states
    assert {state for _number, state in orders[PACKAGES:]} == {State.WAITING}
    assert len({number for number, _state in orders}) == PEOPLE
    package = db.session.scalars(select(Package)).one()
    assert (package.on_hand, package.reserved) == (PACKAGES, PACKAGES)
    assert reconcile.broken() == []


def test_two_hundred_people_press_the_button_of_the_site_at_once(app: Flask, installation: Installation) -> None:
    tokens = registrations_that_wait(app)
    with running_web(installation.environment) as address, ThreadPoolExecutor(PEOPLE) as people:
        together = Barrier(PEOPLE, timeout=60)
        answers = dict(zip(tokens, people.map(lambda token: press(address, token, together), tokens), strict=True))
    assert Counter(answers.values()) == {303: PEOPLE}
    check_the_line({State.RECEIVED: PACKAGES, State.WAITING: PEOPLE - PACKAGES})


def registrations_that_wait(app: Flask) -> list[str]:
    """As many registrations of different organisations, each waiting for the button behind the link in its mail; their tokens."""
    with transaction():
        make_package(edition=make_edition(), stock=PACKAGES)
    Person(app.test_client()).walk(pakket={"quantity": "1"})
    tokens = [f"token-{number}" for number in range(PEOPLE)]
    with transaction():
        draft = db.session.scalars(select(Registration)).one()
        for token in tokens:
            answers = deepcopy(draft.answers)
            answers["over-jou"] |= {"organisation": f"Stichting {token}", "email": f"{token}@voorbeeld.nl"}
            now = clock.now()
            row = Registration(send_id=token, token_hash=hash_of(f"draft {token}"), confirm_hash=hash_of(token), answers=answers)
            row.created_at = row.changed_at = row.sent_at = now
            row.progress = Progress.SENT
            db.session.add(row)
    return tokens


def press(address: str, token: str, together: Barrier) -> int:
    """Open the page of the mail, wait for the others, press its button; the status of the answer."""
    path = urlsplit(addresses.confirm_registration(token)).path
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    connection.request("GET", path)
    page = connection.getresponse().read().decode()
    found = re.search(r'name="form_token"[^>]*value="([^"]+)"', page)
    together.wait()
    assert found, page
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.close()
    connection.request("POST", path, urlencode({"form_token": found[1]}), kind)
    status = connection.getresponse().status
    connection.close()
    return status
