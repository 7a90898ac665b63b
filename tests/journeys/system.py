"""The whole system as `make run` starts it, for journeys: real processes, demo data, a folder of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120  # seconds until the first page, on a slow machine with an empty database


@dataclass(frozen=True)
class RunningSystem:
    """Where it answers and where its files lie."""

    base_url: str
    data_dir: Path

    def account(self, role: str) -> dict[str, str]:
        """The demo account of a role."""
        accounts: list[dict[str, str]] = json.loads((self.data_dir / "demo-accounts.json").read_text())
        return next(account for account in accounts if account["role"] == role)

    def code(self, role: str) -> str:
        """The six digits that the authenticator app of a role shows now."""
        return pyotp.TOTP(self.account(role)["totp_secret"]).now()


@contextmanager
def running_system(data_dir: Path) -> Iterator[RunningSystem]:
    """Start it, wait for the first page, stop it as Ctrl-C does."""
    port = free_port()
    env = {name: text for name, text in os.environ.items() if not name.startswith("WEEKAPP_")}
    env |= {"PORT": str(port), "WEEKAPP_DATA_DIR": str(data_dir)}
    log = (data_dir.parent / f"{data_dir.name}.log").open("wb")
    process = subprocess.Popen([sys.executable, "-m", "weekapp.standalone"], env=env, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_for_page(port, process, Path(log.name))
        yield RunningSystem(f"http://127.0.0.1:{port}", data_dir)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
        log.close()
    assert code == 0, Path(log.name).read_text()[-3000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_page(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the site and its broker are ready."""
    for _ in range(PATIENCE * 5):
        assert process.poll() is None, log.read_text()[-3000:]
        if is_ready(port):
            return
        time.sleep(0.2)
    raise AssertionError("no page after two minutes: " + log.read_text()[-3000:])


def is_ready(port: int) -> bool:
    """Whether database and broker answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            with connection.getresponse() as answer:
                return answer.status == 200
        except OSError:
            return False
