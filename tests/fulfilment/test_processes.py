"""A batch with the real programs: a worker process, a broker that writes down each message, on both databases."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from celery import Celery
from flask import Flask
from sqlalchemy import func, select, update

from fulfilment import reconcile, sweep
from fulfilment.schedule import set_up_schedule
from tests.builders import make_activity, make_user
from tests.fulfilment.filling import approved_orders, ask, batch_now
from tests.processes import environment_for, kill, run_command, running_beat, running_valkey, running_worker, send_to, wait_until
from weekapp import clock
from weekapp.batches import queries, service
from weekapp.batches.models import Batch, BatchLine
from weekapp.batches.rules import State
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState
from weekapp.orders.models import OrderEvent
from weekapp.queue import BULK, INTERACTIVE, Task, celery

pytestmark = pytest.mark.processes


@pytest.fixture
def environment(app: Flask, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of the programs, with a broker that runs; this process sends its messages there too."""
    with running_valkey(tmp_path / "valkey") as broker_url:
        found = environment_for(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"], broker_url)
        ours = app.config["SETTINGS"]
        send_to(ours.from_mapping(found))
        yield found
    send_to(ours)


def test_a_worker_makes_the_batch_and_sends_the_mails(environment: dict[str, str], tmp_path: Path) -> None:
    approved_orders(6)
    with running_worker(environment):
        batch_id = ask()
        wait_until(lambda: batch_now(batch_id).state == State.READY)
        with transaction():
            service.hand_over(batch_now(batch_id), by=make_user("logistics"))
        sweep.wake_workers(clock.now())  # as beat does each minute, once the carrier has had its time
        wait_until(lambda: len(list((tmp_path / "mail").glob("*.eml"))) == 6)
        wait_until(lambda: db.session.rollback() or not waiting_mails())
    assert batch_now(batch_id).order_count == 6
    assert reconcile.broken() == []


def waiting_mails() -> int:
    return db.session.scalar(select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == MailState.WAITING)) or 0


def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(environment: dict[str, str]) -> None:
    approved_orders(700)
    with running_worker(environment) as worker:
        batch_id = ask()
        wait_until(lambda: batch_now(batch_id).files_done >= 1, worker)
        kill(worker)
    assert batch_now(batch_id).state == State.CLAIMED
    assert f"batch-{batch_id}.zip" not in [one.name for one in queries.artefacts(batch_id)]
    with running_worker(environment):
        sweep.wake_workers(clock.now() + timedelta(minutes=2))
        wait_until(lambda: batch_now(batch_id).state == State.READY)
    assert db.session.scalar(select(func.count()).select_from(BatchLine)) == 700
    assert reconcile.broken() == []


def test_an_operator_sweeps_without_broker_and_without_worker(environment: dict[str, str]) -> None:
    approved_orders(2)
    batch_id = ask()
    away = environment | {"WEEKAPP_BROKER_URL": "redis+socket:///nowhere/valkey.sock"}
    with transaction():
        batch_now(batch_id).requested_at = clock.now() - timedelta(minutes=2)
    said = run_command(away, "fulfilment", "sweep")
    assert (said.returncode, said.stdout.split(",")[0]) == (0, "1 batches"), said.stderr
    assert batch_now(batch_id).state == State.READY
    proof = run_command(away, "fulfilment", "reconcile")
    assert (proof.returncode, proof.stdout) == (0, "everything agrees\n")


def test_the_question_whether_it_takes_place_goes_out_once_however_often_the_job_is_started(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with transaction():
        now = clock.now()
        activities = [
            make_activity(f"Soep {number}", starts=now + timedelta(days=10, hours=number), submitted_at=now - timedelta(days=60))
            for number in range(5)
        ]
        expected = {one.initiator.email for one in activities}
    with running_worker(environment, concurrency=2) as worker:
        for _ in range(4):
            celery.send_task(str(Task.ASK_STILL_ON))
        wait_until(lambda: len(list((tmp_path / "mail").glob("*.eml"))) == len(expected), worker)
        wait_until(lambda: db.session.rollback() or not waiting_mails(), worker)
        celery.send_task(str(Task.ASK_STILL_ON))
        wait_until(lambda: queue_is_empty(environment), worker)
    sent = list((tmp_path / "mail").glob("*.eml"))
    assert len(sent) == len(expected) == 5
    assert all("Subject: Gaat je activiteit nog door?" in mail.read_text() for mail in sent)


def scheduled() -> list[str]:
    """The names of all jobs of beat."""
    plain = Celery(set_as_current=False)
    set_up_schedule(plain)
    return list(plain.conf.beat_schedule)


def test_two_beats_take_turns_on_one_schedule(environment: dict[str, str]) -> None:
    with closing(broker_of(environment)) as broker, running_beat(environment) as first, running_beat(environment) as second:
        jobs = {f"weekapp:redbeat:{name}" for name in scheduled()}
        wait_until(lambda: broker.zcard("weekapp:redbeat::schedule") == len(jobs), first)
        assert set(broker.zrange("weekapp:redbeat::schedule", 0, -1)) == jobs
        wait_until(lambda: broker.exists("weekapp:redbeat::lock"), first)
        assert (first.poll(), second.poll()) == (None, None)


def broker_of(environment: dict[str, str]) -> redis.Redis:
    """The broker, to look at; give it back with `closing`."""
    return redis.Redis.from_url(environment["WEEKAPP_BROKER_URL"].replace("redis+socket", "unix"), decode_responses=True, socket_timeout=10)


def test_a_broker_that_hangs_does_not_hang_who_presses_the_button(environment: dict[str, str]) -> None:
    approved_orders(1)
    with closing(broker_of(environment)) as broker:
        pid = broker.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    woken = threading.Timer(60, os.kill, (pid, signal.SIGCONT))  # so that a press that hangs fails instead of hanging this run
    woken.start()
    batch_id = ask()
    is_still_hanging = not woken.finished.is_set()
    woken.cancel()
    os.kill(pid, signal.SIGCONT)
    assert is_still_hanging, "the press waited for the broker"
    with running_worker(environment):
        sweep.wake_workers(clock.now() + timedelta(minutes=2))
        wait_until(lambda: batch_now(batch_id).state == State.READY)


def test_a_cut_off_that_fires_twice_makes_one_batch(environment: dict[str, str]) -> None:
    approved_orders(3)
    with transaction():  # approved before the last cut-off
        db.session.execute(update(OrderEvent).values(at=clock.now() - timedelta(days=2)))
    with running_worker(environment, concurrency=2):
        for _ in range(4):
            celery.send_task(str(Task.CUT_OFF))
        wait_until(lambda: batches_now() == [State.READY])
        celery.send_task(str(Task.BUILD_BATCH), args=[1])
        celery.send_task(str(Task.CUT_OFF))
        wait_until(lambda: queue_is_empty(environment))
    assert batches_now() == [State.READY]
    assert reconcile.broken() == []


def batches_now() -> list[State]:
    db.session.rollback()
    return list(db.session.scalars(select(Batch.state)))


def queue_is_empty(environment: dict[str, str]) -> bool:
    """Whether nothing waits and nothing is being done."""
    with closing(broker_of(environment)) as broker:
        return not any([*(broker.llen(f"weekapp:{queue}") for queue in (INTERACTIVE, BULK)), broker.hlen("weekapp:unacked")])
