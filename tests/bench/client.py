"""A small HTTP client for load that wrk cannot make: at a steady pace, and of addresses that are all different."""

import asyncio
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.bench.load import Headers
from tests.bench.machine import LOCAL

CONNECTIONS = 48


@dataclass(frozen=True)
class Asked:
    """One request; `due` says when it should go, in seconds from the start; 0: as soon as possible."""

    due: float
    path: str
    headers: Headers


@dataclass(frozen=True)
class Outcome:
    """Waiting times in seconds, where there is a pace from the moment that a request was due, and how many answers were no 2xx or 3xx."""

    times: list[float]
    errors: int


def ask_all(base_url: str, requests: Iterable[Asked], connections: int = CONNECTIONS) -> Outcome:
    """Send each when it is due, or as soon as a connection is free."""
    if urlsplit(base_url).hostname not in LOCAL:
        raise ValueError(f"{base_url} is not on this machine: load goes to our own machine only")
    return asyncio.run(sent(urlsplit(base_url).netloc, iter(requests), connections))


async def sent(host: str, requests: Iterator[Asked], connections: int) -> Outcome:
    times: list[float] = []
    wrong: list[bytes] = []
    begin = time.monotonic()

    async def go_on() -> None:
        name, _, port = host.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port or 80))
        for one in requests:
            await asyncio.sleep(max(0.0, begin + one.due - time.monotonic()))
            head = "".join(f"{header}: {text}\r\n" for header, text in one.headers.items())
            asked_at = begin + one.due if one.due else time.monotonic()
            writer.write(f"GET {one.path} HTTP/1.1\r\nHost: {host}\r\n{head}\r\n".encode())
            status = await answered(reader)
            times.append(time.monotonic() - asked_at)
            if status[:1] not in b"23":
                wrong.append(status)
        writer.close()

    await asyncio.gather(*(go_on() for _ in range(connections)))
    return Outcome(times, len(wrong))


async def answered(reader: asyncio.StreamReader) -> bytes:
    """Read one answer to its end; its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    await reader.readexactly(int(length[1]) if length else 0)
    return head[9:12]
