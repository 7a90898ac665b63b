"""Real HTTP load on an address of this machine, for a few seconds: by wrk, and where that is not installed by a small client."""

import asyncio
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from tests.bench.machine import LOCAL

Headers = dict[str, str]
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
EACH_TIME_ANOTHER = """
local number = {start}
request = function()
  number = number + 1
  return wrk.format("GET", "{path}" .. number)
end
"""


@dataclass(frozen=True)
class Load:
    """What a few seconds of load showed; times in milliseconds."""

    requests: int
    per_second: float
    p50: float
    p99: float
    errors: int


def tool() -> str:
    """What makes the load."""
    return "wrk" if shutil.which("wrk") else "a small asyncio client (wrk is not installed)"


def put_load(url: str, headers: Headers, *, seconds: int, connections: int, another_from: int | None = None) -> Load:
    """Ask for one address, or with `another_from` for endless ones that begin with it, as often as it goes."""
    if urlsplit(url).hostname not in LOCAL:
        raise ValueError(f"{url} is not on this machine: load goes to our own machine only")
    if shutil.which("wrk"):
        return by_wrk(url, headers, seconds, connections, another_from)
    return asyncio.run(by_client(url, headers, seconds, connections, another_from))


def by_wrk(url: str, headers: Headers, seconds: int, connections: int, another_from: int | None) -> Load:
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    for name, text in headers.items():
        options += ["-H", f"{name}: {text}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if another_from is not None:
            parts = urlsplit(url)
            script.write(EACH_TIME_ANOTHER.format(start=another_from, path=f"{parts.path}?{parts.query}"))
            script.flush()
            options += ["-s", script.name]
        said = subprocess.run(["wrk", *options, url], capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    done = re.search(r"(\d+) requests in ([\d.]+)(\w+)", said)
    assert done, said
    errors = sum(int(number) for number in re.findall(r"(?:connect|read|write|timeout) (\d+)", said))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Load(
        requests=int(done[1]),
        per_second=int(done[1]) / (float(done[2]) * UNITS[done[3]] / 1000),
        p50=latency(said, 50),
        p99=latency(said, 99),
        errors=errors + (int(wrong[1]) if wrong else 0),
    )


def latency(said: str, percentage: int) -> float:
    """Milliseconds out of a line such as `  99%    1.05ms`."""
    found = re.search(rf"^\s+{percentage}%\s+([\d.]+)(us|ms|s|m)\s*$", said, re.MULTILINE)
    assert found, said
    return float(found[1]) * UNITS[found[2]]


async def by_client(url: str, headers: Headers, seconds: int, connections: int, another_from: int | None) -> Load:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    numbers = count(another_from + 1) if another_from is not None else None
    rest = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    times: list[float] = []
    wrong = 0
    end = time.monotonic() + seconds

    async def ask_on_and_on() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            while time.monotonic() < end:
                await ask(reader, writer)
        finally:
            writer.close()

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal wrong
        begin = time.monotonic()
        address = f"{path}{next(numbers)}" if numbers else path
        writer.write(f"GET {address} HTTP/1.1\r\nHost: {parts.netloc}\r\n{rest}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        await reader.readexactly(int(length[1]) if length else 0)
        wrong += head[9:10] not in b"23"
        times.append(time.monotonic() - begin)

    begin = time.monotonic()
    done, late = await asyncio.wait([asyncio.ensure_future(ask_on_and_on()) for _ in range(connections)], timeout=seconds + 1)
    for task in late:  # as wrk does: what has not ended does not count
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        task.result()
    spent = time.monotonic() - begin
    shares = statistics.quantiles(times, n=100) if len(times) > 1 else (times or [0.0]) * 99
    return Load(len(times), len(times) / spent, shares[49] * 1000, shares[98] * 1000, wrong)
