"""`make run`: starts everything, stops everything, keeps what there was, and says what is wrong."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import PATIENCE, ROOT, free_port, kill, wait_until
from weekapp import standalone
from weekapp.processes import Runner, Stopped


def started(data_dir: Path, port: int, **more: str) -> "subprocess.Popen[str]":
    """The command behind `make run`."""
    given = {name: text for name, text in os.environ.items() if not name.startswith("WEEKAPP_")}
    environment = (
        given
        | {"PORT": str(port), "WEEKAPP_DATA_DIR": str(data_dir), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(data_dir.parent)}
        | more
    )
    command = [sys.executable, "-m", "weekapp.standalone"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


@contextmanager
def running(data_dir: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """The whole system, from the moment at which it says that the site is there."""
    process = started(data_dir, port)
    try:
        said = read_until(process, "demo-accounts.json\n")
        assert f"http://127.0.0.1:{port}/" in said
        yield process
    finally:
        kill(process)  # type: ignore[arg-type]
        if process.stdout:
            process.stdout.close()


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    """What it says up to these words; all of it is the message when they do not come."""
    said = ""
    assert process.stdout
    for line in process.stdout:
        said += line
        if line.endswith(words) and "Accounts   " in line:
            return said
    raise AssertionError(said)


def stop(process: "subprocess.Popen[str]", kind: signal.Signals) -> tuple[int, str]:
    """Exit code and last words."""
    process.send_signal(kind)
    said, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def processes_of(data_dir: Path) -> list[str]:
    """Programs that have this folder in their environment, or in their name as the broker has."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"WEEKAPP_DATA_DIR={data_dir}".encode() in environment or str(data_dir) in command:
            found.append(command)
    return found


@pytest.mark.processes
def test_starts_stops_and_starts_again_with_what_there_was(tmp_path: Path) -> None:
    data_dir, port = tmp_path / "data", free_port()
    with running(data_dir, port) as process:
        wait_until(lambda: all(name in " ".join(processes_of(data_dir)) for name in ("valkey-server", "granian", " worker ", " beat ")))
        code, said = stop(process, signal.SIGINT)
    assert code == 0, said
    assert "Traceback" not in said
    assert processes_of(data_dir) == []
    secret, accounts = (data_dir / "secret-key").read_text(), (data_dir / "demo-accounts.json").read_text()
    with running(data_dir, port) as process:
        assert stop(process, signal.SIGTERM)[0] == 0
    assert (data_dir / "secret-key").read_text() == secret
    assert (data_dir / "demo-accounts.json").read_text() == accounts
    assert {account["role"] for account in json.loads(accounts)} == {"moderator", "logistics", "municipality", "manager", "initiator"}
    assert [path.name for path in tmp_path.iterdir()] == ["data"], "nothing may be left outside the data folder"
    assert all(path.stat().st_mode & 0o077 == 0 for path in data_dir.iterdir()), "data are for their owner only"


@pytest.mark.processes
@pytest.mark.parametrize("seconds", [0.5, 2.0, 3.5])
def test_stops_cleanly_while_it_is_still_starting(tmp_path: Path, seconds: float) -> None:
    process = started(tmp_path / "data", free_port())
    time.sleep(seconds)
    code, said = stop(process, signal.SIGINT)
    assert code in {0, -signal.SIGINT}, said  # before its first line Python itself takes the signal
    assert processes_of(tmp_path / "data") == []


@pytest.mark.processes
@pytest.mark.skipif(not shutil.which("setpriv"), reason="the system has no setpriv (util-linux)")
def test_takes_its_programs_along_when_it_is_killed(tmp_path: Path) -> None:
    with running(tmp_path / "data", free_port()) as process:
        process.kill()
        process.wait()
        wait_until(lambda: processes_of(tmp_path / "data") == [])


def test_a_port_in_use_is_named_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        process = started(tmp_path / "data", port)
        said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert f"Port {port} cannot be used" in said
    assert "make run PORT=" in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["eighty", "0", "70000", ""])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SystemExit, match="PORT must be a number"):
        standalone.port_from(port)


def test_two_starts_with_one_folder_are_refused(tmp_path: Path) -> None:
    with standalone.only_one(tmp_path), pytest.raises(SystemExit, match="already runs"), standalone.only_one(tmp_path):
        pass


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = standalone.kept_secret(tmp_path / "secret-key")
    assert len(first) >= 32
    assert standalone.kept_secret(tmp_path / "secret-key") == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_deep_folder_gets_a_socket_elsewhere_that_is_gone_afterwards(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with standalone.socket_path(deep) as path:
        assert len(os.fsencode(path)) <= standalone.LONGEST_SOCKET_PATH
        folder = path.parent
        assert folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


def test_settings_that_are_given_win() -> None:
    given = {"WEEKAPP_SECRET_KEY": "mine", "WEEKAPP_DEMO": "0", "WEEKAPP_BROKER_URL": "redis://elsewhere/0", "PATH": "/bin"}
    made = standalone.environment_for(given, 8001, Path("/data"), Path("/data/valkey.sock"))
    assert {name: made[name] for name in given} == given
    assert made["WEEKAPP_BASE_URL"] == "http://127.0.0.1:8001"


def test_a_program_that_stops_by_itself_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    runner = Runner(dict(os.environ), tmp_path)
    runner.start("worker", sys.executable, "-c", "print('no broker'); raise SystemExit(3)")
    with pytest.raises(Stopped, match=re.escape("worker stopped by itself (exit code 3)")):
        runner.until(lambda: False)
    runner.stop_all()
    assert "no broker" in capfd.readouterr().out


def test_the_broker_is_stopped_after_those_who_use_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    wait = (
        "import signal, sys, time\n"
        "def go(*_): open(sys.argv[2], 'a').write(sys.argv[1]); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, go)\n"
        "time.sleep(60)"
    )
    runner = Runner(dict(os.environ), tmp_path)
    runner.start("broker", sys.executable, "-c", wait, "broker ", str(log), last=True)
    runner.start("worker", sys.executable, "-c", wait, "worker ", str(log))
    end = time.monotonic() + 3
    runner.until(lambda: time.monotonic() > end)
    runner.stop_all()
    assert log.read_text() == "worker broker "
