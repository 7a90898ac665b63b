"""Programs that can be struck: a broker that is killed and wiped, workers that die at any moment, a mail server that goes away."""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import redis
from aiosmtpd.controller import Controller

from tests import postgres
from tests.processes import ROOT, answers, free_port, kill, stop, wait_until
from weekapp import standalone
from weekapp.queue import BULK, INTERACTIVE


def start(command: tuple[str, ...], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A program in a process group of its own, as `tests.processes.running` starts it, but that lives until it is killed."""
    with log.open("ab") as out:
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)


def is_ready(log: Path) -> bool:
    """Whether the worker that writes this log takes messages."""
    return "worker ready" in log.read_text()


def connected(broker_url: str) -> redis.Redis:
    """A connection to the broker, to look at its keys."""
    return redis.Redis.from_url(broker_url.replace("redis+socket", "unix"), decode_responses=True)


class Broker:
    """A Valkey on one socket, that can be killed, wiped and started again."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.folder, self.file = folder, place / "valkey.sock"
        self.url = f"redis+socket://{self.file}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with what its append-only file remembers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file.unlink(missing_ok=True)
        log = self.folder / "valkey.log"
        self.process = start(standalone.broker_command(self.folder, self.file), dict(os.environ), log)
        wait_until(lambda: answers(self.file), self.process, log)

    def kill(self) -> None:
        """kill -9."""
        if self.process:
            kill(self.process)

    def wipe(self) -> None:
        """All messages are gone; while it is not running."""
        shutil.rmtree(self.folder)

    def is_quiet(self) -> bool:
        """Whether no message waits and no worker has one in hand; asked more than once, since a worker first takes and then writes down."""
        with connected(self.url) as client:
            for _ in range(4):
                if any([*(client.llen(f"weekapp:{name}") for name in (INTERACTIVE, BULK)), client.hlen("weekapp:unacked")]):
                    return False
                time.sleep(0.05)
        return True


@contextmanager
def running_broker(folder: Path) -> Iterator[Broker]:
    """A broker that is gone after the block, with its socket."""
    place = Path(tempfile.mkdtemp(prefix="wv-"))  # the path of a socket is short
    broker = Broker(folder, place)
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()
        shutil.rmtree(place, ignore_errors=True)


class Crew:
    """Workers with one task at a time each; `strike` kills one of them, or all, at once and without warning."""

    def __init__(self, environment: dict[str, str], count: int, rng: random.Random) -> None:
        self.environment, self.count, self.rng = environment, count, rng
        self.workers: list[tuple[subprocess.Popen[bytes], Path]] = []
        self.killed = 0

    def start(self) -> None:
        """Bring the crew to its full number and wait until all take messages."""
        self.hire()
        self.wait_until_ready()

    def hire(self) -> None:
        """Bring the crew to its full number."""
        command = standalone.celery_command("worker", "--concurrency", "1", "--without-gossip", "--without-mingle")
        while len(self.workers) < self.count:
            log = Path(tempfile.mkstemp(prefix="worker-", suffix=".log", dir=self.environment["WEEKAPP_DATA_DIR"])[1])
            self.workers.append((start(command, self.environment, log), log))

    def wait_until_ready(self) -> None:
        """Until all take messages."""
        for process, log in self.workers:
            wait_until(partial(is_ready, log), process, log)

    def strike(self) -> bool:
        """kill -9 for the process that does the task, for a whole worker, or for all workers (then the answer is True)."""
        kind = self.rng.choices(("task", "worker", "all"), (5, 3, 2))[0]
        wait_until(lambda: any(is_ready(log) for _process, log in self.workers))
        worker = self.rng.choice([one for one in self.workers if is_ready(one[1])])
        if kind == "task" and self.kill_child(worker[0]):
            self.killed += 1
            return False
        if kind == "all":
            self.killed += len(self.workers)
            self.kill_all()
            return True
        self.workers.remove(worker)
        kill(worker[0])
        self.killed += 1
        return False

    def kill_child(self, worker: subprocess.Popen[bytes]) -> bool:
        """kill -9 for the process of a worker that does the task; False when there is none at this moment."""
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
        if not children:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(self.rng.choice(children)), signal.SIGKILL)
        return True

    def kill_all(self) -> None:
        """kill -9 for everybody; what they had in hand is lost (the broker would hand it out again after an hour at most)."""
        for process, _log in self.workers:
            kill(process)
        self.workers.clear()
        with connected(self.environment["WEEKAPP_BROKER_URL"]) as client, contextlib.suppress(redis.ConnectionError):
            client.delete("weekapp:unacked", "weekapp:unacked_index")

    def stop(self) -> None:
        """Ask everybody to stop."""
        for process, _log in self.workers:
            process.send_signal(signal.SIGTERM)
        for process, _log in self.workers:
            stop(process)
        self.workers.clear()


@contextmanager
def working_crew(environment: dict[str, str], count: int, rng: random.Random) -> Iterator[Crew]:
    """A crew that takes messages when the block begins and is gone after it."""
    crew = Crew(environment, count, rng)
    try:
        crew.start()
        yield crew
        crew.stop()
    finally:
        crew.kill_all()


class MailServer:
    """A mail server that can be away, and that can keep a worker waiting; it writes down the Message-ID of what it accepted."""

    def __init__(self) -> None:
        self.port, self.accepted = free_port(), list[str]()
        self.is_slow, self.waiting = False, 0
        self.controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Accept a mail, when it is not slow."""
        self.waiting += 1
        try:
            while self.is_slow:
                await asyncio.sleep(0.02)
        finally:
            self.waiting -= 1
        self.accepted.append(message_from_bytes(envelope.content)["Message-ID"].strip())
        return "250 OK"

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None


class PostgresServer:
    """A PostgreSQL of its own, whose commits are safe, that can be restarted at the same address."""

    def __init__(self, base: Path) -> None:
        self.base = base
        binaries, self.person = postgres.prepare(base)
        self.address, self.process = postgres.start(base, binaries, self.person)
        with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
            connection.execute("ALTER ROLE app SET synchronous_commit = on")  # the quick settings of other tests lose commits in a crash

    def restart(self, *, crash: bool) -> None:
        """Stop it, with open connections, as an operator does or as a crash does; then start it again."""
        self.end(signal.SIGQUIT if crash else signal.SIGINT)
        environment = {name: text for name, text in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C", "TZ": "UTC"}
        with (self.base / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.process.args,
                env=environment,
                cwd=self.base,
                stdout=log,
                stderr=log,
                **self.person,  # type: ignore[call-overload]
            )
        postgres.wait_for(self.address, self.process, self.base / "log")

    def end(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it."""
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)


@contextmanager
def running_postgres_server() -> Iterator[PostgresServer]:
    """A server that is gone after the block, with all that it wrote."""
    base = Path(tempfile.mkdtemp(prefix="weekapp-pg-"))
    server = None
    try:
        server = PostgresServer(base)
        yield server
    finally:
        if server:
            server.end()
        shutil.rmtree(base, ignore_errors=True)
