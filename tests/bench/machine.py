"""What processes cost: CPU time and memory, theirs and their children's."""

import contextlib
import os
import platform
import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("flask", "granian", "sqlalchemy", "icalendar", "celery", "typst")
LOCAL = {"127.0.0.1", "localhost", "::1"}


def listeners(port: int) -> list[psutil.Process]:
    """The processes that listen on a port of this machine, with all their children."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in process.net_connections("tcp")):
                found |= {each.pid: each for each in family(process.pid)}
    return list(found.values())


def family(pid: int) -> list[psutil.Process]:
    """A process and all its children that still live."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """User and system time so far."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def peak_bytes(processes: Iterable[psutil.Process]) -> int:
    """The most memory that each has ever held, added up; shared pages count for each."""
    return sum(peak_of(process) for process in processes)


def resident_bytes(processes: Iterable[psutil.Process]) -> int:
    """The memory that they hold now, added up."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total


def peak_of(process: psutil.Process) -> int:
    """The peak that Linux notes; elsewhere what it holds now."""
    with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
        noted = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
        return int(noted[1]) * 1024 if noted else process.memory_info().rss
    return 0


def facts() -> dict[str, object]:
    """On what it was measured."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    return {
        "system": platform.platform(),
        "processor": model[1] if model else platform.processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }
