"""The real programs for tests: broker, worker, beat and web, each started and stopped with a block, and its output shown when it fails."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from kombu import pools

from weekapp import standalone
from weekapp.config import Settings
from weekapp.queue import celery, set_up_queue

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds; the machine may be busy


def environment_for(folder: Path, database_url: str, broker_url: str, **more: str) -> dict[str, str]:
    """What a program of an installation with this database and broker finds in its environment."""
    ours = {
        "SECRET_KEY": "test " * 8,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "BROKER_URL": broker_url,
        "LOG_JSON": "0",
        "TRACKING_WAIT": "0",
    } | more
    others = {name: text for name, text in os.environ.items() if not name.startswith("WEEKAPP_")}
    return others | {"PYTHONDONTWRITEBYTECODE": "1"} | {f"WEEKAPP_{name}": text for name, text in ours.items()}


@contextmanager
def running_valkey(folder: Path) -> Iterator[str]:
    """A broker with its append-only file in `folder`; its address as WEEKAPP_BROKER_URL wants it."""
    place = Path(tempfile.mkdtemp(prefix="wv-"))  # the path of a socket is short
    file = place / "valkey.sock"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with running(standalone.broker_command(folder, file), dict(os.environ), folder / "valkey.log") as process:
            wait_until(lambda: answers(file), process, folder / "valkey.log")
            yield f"redis+socket://{file}"
    finally:
        shutil.rmtree(place, ignore_errors=True)


def send_to(settings: Settings) -> None:
    """Let this process send its messages to the broker of these settings: drop the connections to the former one."""
    set_up_queue(settings)
    pools.reset()
    celery._after_fork()


def answers(socket_file: Path) -> bool:
    """Whether a broker listens there."""
    client = redis.Redis(unix_socket_path=str(socket_file), socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


@contextmanager
def running_worker(environment: dict[str, str], *, concurrency: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that takes messages when the block begins; its output is in `WEEKAPP_DATA_DIR/worker-*.log`."""
    command = standalone.celery_command("worker", "--concurrency", str(concurrency), "--without-gossip", "--without-mingle")
    log = Path(tempfile.mkstemp(prefix="worker-", suffix=".log", dir=environment["WEEKAPP_DATA_DIR"])[1])
    with running(command, environment, log) as process:
        wait_until(lambda: "worker ready" in log.read_text(), process, log)
        yield process


@contextmanager
def running_beat(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The scheduler."""
    folder = Path(environment["WEEKAPP_DATA_DIR"])
    with running(standalone.celery_command("beat", "--pidfile="), environment, folder / "beat.log") as process:
        yield process


@contextmanager
def running_web(environment: dict[str, str], port: int = 0) -> Iterator[str]:
    """The site on a port of this machine (0: a free one); its address."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {"WEEKAPP_BASE_URL": address} | environment
    log = Path(environment["WEEKAPP_DATA_DIR"]) / f"web-{port}.log"
    command = (*standalone.web_command(port), "--log-level", "info")  # says when each process has begun
    with running(command, environment, log) as process:
        wait_until(
            lambda: serves(port) and log.read_text(errors="replace").count("Started worker-") >= standalone.WEB_PROCESSES, process, log
        )
        yield address


def serves(port: int) -> bool:
    """Whether the site answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_command(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """`flask --app wsgi ...` in a process of its own."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)


@contextmanager
def running(command: tuple[str, ...], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own; at the end it is asked to stop, and killed if it does not."""
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask once, wait, kill with all that it started."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for a program and its children: no time to tidy up."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(is_so: Callable[[], bool], process: subprocess.Popen[bytes] | None = None, log: Path | None = None) -> None:
    """Until something is so; the output of the program is the message when it takes too long or when the program ends."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        said = log.read_text(errors="replace")[-4000:] if log and log.exists() else ""
        if process and process.poll() is not None:
            raise AssertionError(f"the program ended with {process.returncode}:\n{said}")
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE:.0f} seconds in vain:\n{said}")
        time.sleep(0.02)
