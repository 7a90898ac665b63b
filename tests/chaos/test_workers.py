"""Workers, broker and database that die in the middle of the work: nothing is lost and nothing is done twice."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from tests.chaos import filling
from tests.chaos.conftest import Installation, Size
from tests.chaos.programs import PostgresServer, connected, running_broker, running_postgres_server, working_crew
from tests.conftest import settings_for_tests
from tests.databases import PostgresDatabases
from tests.processes import environment_for, running_beat, send_to, wait_until
from weekapp import clock
from weekapp.app import create_app
from weekapp.batches.models import Batch
from weekapp.batches.rules import State
from weekapp.db import db, transaction
from weekapp.orders.models import OrderEvent
from weekapp.orders.service import PlaceTaken
from weekapp.queue import Task, celery

pytestmark = pytest.mark.processes


def chunks(total: int, parts: int) -> Iterator[range]:
    """0..total in so many consecutive parts."""
    edges = [total * part // parts for part in range(parts + 1)]
    return (range(start, end) for start, end in pairwise(edges))


def test_workers_killed_at_random_lose_and_double_nothing(installation: Installation, size: Size, rng: random.Random) -> None:
    stock = size.orders + 10
    filling.set_the_table(stock=stock)
    with working_crew(installation.environment, size.workers, rng) as crew:
        for turn, numbers in enumerate(chunks(size.orders, size.kills)):
            crew.hire()
            moment = rng.choice(numbers)
            for number in numbers:
                filling.place(number)
                if number == moment and crew.strike():
                    filling.time_passes()  # all are dead: nobody has anything in hand
                    crew.hire()
            filling.look_after_batches()
            filling.ask(f"turn {turn}")
        assert crew.killed >= size.kills
        crew.kill_all()
        filling.time_passes()
        crew.start()
        filling.settle(installation.broker.is_quiet)
    filling.check_the_books(size.orders, stock=stock, mail_folder=installation.mail_folder)


def test_a_broker_that_is_killed_and_wiped_costs_only_time(installation: Installation, size: Size, rng: random.Random) -> None:
    orders, broker = size.orders // 5, installation.broker
    filling.set_the_table(stock=orders)
    with working_crew(installation.environment, size.workers, rng) as crew:
        for turn, numbers in enumerate(chunks(orders, size.restarts)):
            gone = rng.choice(numbers)
            for number in numbers:
                filling.place(number)
                if number == gone:
                    broker.kill()
            filling.ask(f"turn {turn}")  # nobody notices that the broker is away
            broker.wipe()
            broker.start()
            filling.look_after_batches()
        filling.settle(broker.is_quiet)
        assert all(process.poll() is None for process, _log in crew.workers), "workers outlive their broker"
    filling.check_the_books(orders, stock=orders, mail_folder=installation.mail_folder)


def test_the_same_task_delivered_many_times_is_done_once(installation: Installation, size: Size, rng: random.Random) -> None:
    orders = size.orders // 10
    filling.set_the_table(stock=orders)
    for number in range(orders):
        filling.place(number)
    filling.ask("klik")
    with working_crew(installation.environment, size.workers, rng):
        for task in (Task.BUILD_BATCH, Task.TELL_SHIPPED, Task.CUT_OFF, Task.SWEEP) * 3:
            ids = [1] if task in {Task.BUILD_BATCH, Task.TELL_SHIPPED} else []
            celery.send_task(str(task), args=ids)
        wait_until(lambda: batches_now() == [State.READY])
        filling.look_after_batches()
        for task, number in [(Task.TELL_SHIPPED, 1)] * 3 + [(Task.SEND_MAIL, mail) for mail in range(1, orders + 1)] * 2:
            celery.send_task(str(task), args=[number])
        filling.settle(installation.broker.is_quiet)
    assert batches_now() == [State.HANDED_OVER]
    filling.check_the_books(orders, stock=orders, mail_folder=installation.mail_folder)


def test_two_beats_ask_for_one_batch(installation: Installation, rng: random.Random) -> None:
    filling.set_the_table(stock=5)
    for number in range(3):
        filling.place(number)
    with transaction():  # approved before the last cut-off
        db.session.execute(update(OrderEvent).values(at=clock.now() - clock.timedelta(days=2)))
    broker, schedule = connected(installation.broker.url), "weekapp:redbeat::schedule"
    due = {f"weekapp:redbeat:{name}": 0 for name in ("cut-off", "sweep")}
    with broker, working_crew(installation.environment, 2, rng):
        with running_beat(installation.environment) as first, running_beat(installation.environment):
            wait_until(lambda: due.keys() <= set(broker.zrange(schedule, 0, -1)), first)
            for job in due:  # the minute is over
                broker.hdel(job, "meta")
            broker.zadd(schedule, due)
            wait_until(lambda: batches_now() == [State.READY], first)
        wait_until(installation.broker.is_quiet)
        assert batches_now() == [State.READY]
        filling.settle(installation.broker.is_quiet)
    filling.check_the_books(3, stock=5, mail_folder=installation.mail_folder)


def batches_now() -> list[State]:
    db.session.rollback()
    return list(db.session.scalars(select(Batch.state)))


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with running_postgres_server() as server:
        yield server


def test_a_database_that_restarts_costs_only_time(server: PostgresServer, tmp_path: Path, size: Size, rng: random.Random) -> None:
    orders = size.orders // 5
    database = PostgresDatabases(server.address)
    app = create_app(settings_for_tests(tmp_path, database.url, MAX_PACKAGES="100000"))
    database.fill(app)
    with app.app_context(), running_broker(tmp_path / "valkey") as broker:
        environment = environment_for(tmp_path, database.url, broker.url)
        before = app.config["SETTINGS"]
        send_to(before.from_mapping(environment))
        try:
            filling.set_the_table(stock=orders)
            with working_crew(environment, size.workers, rng):
                order_while_it_restarts(server, orders, size.restarts, rng)
                wait_until(broker.is_quiet)
                filling.settle(broker.is_quiet)
            filling.check_the_books(orders, stock=orders, mail_folder=tmp_path / "mail")
        finally:
            db.session.remove()
            db.engine.dispose()
            send_to(before)


def order_while_it_restarts(server: PostgresServer, orders: int, restarts: int, rng: random.Random) -> None:
    """People who see an error try again; who was told of an earlier order was helped the first time."""
    for turn, numbers in enumerate(chunks(orders, restarts)):
        moment = rng.choice(numbers)
        for number in numbers:
            if number == moment:
                server.restart(crash=turn % 2 == 0)
            again(lambda number=number: filling.place(number))  # type: ignore[misc]
        again(filling.look_after_batches)
        again(lambda turn=turn: filling.ask(f"turn {turn}"))  # type: ignore[misc]


def again(do: Callable[[], object]) -> None:
    """Do something, and once more when the database went away under it."""
    try:
        do()
    except DBAPIError:
        db.session.rollback()
        try:
            do()
        except PlaceTaken:
            return
