"""The peak after a television spot (LOAD-01, LOAD-03), and strangers who ask for endless different addresses."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice

from tests.bench.answers import Bench, fetch
from tests.bench.client import Asked, ask_all
from tests.bench.load import Headers
from tests.bench.machine import cpu_seconds, listeners, peak_bytes, resident_bytes

READS, POLLS = 350, 50  # a second: pages and map data, and conditional questions of calendars
SECONDS = 60
GZIP: Headers = {"Accept-Encoding": "gzip"}
PAGES = ("/", "/activiteiten", "/activiteiten?gemeente=utrecht", "/activiteiten.geojson?gemeente=utrecht", "/kaart?gemeente=utrecht")
CALENDARS = ("/gemeenten/utrecht.ics", "/activiteiten.ics")


@dataclass(frozen=True)
class Peak:
    """Waiting counts from the moment that a request was due, so a server that falls behind shows it. `cpu` is per cent of one core."""

    activities: int | None
    per_second: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu: float
    errors: int


def measure_peak(bench: Bench, seconds: int = SECONDS) -> Peak:
    """READS and POLLS a second side by side, at a steady pace."""
    requests = list(islice(at_peak(bench), (READS + POLLS) * seconds))
    ask_all(bench.base_url, [replace(one, due=0.0) for one in requests[: READS + POLLS]])  # every process has made its answers
    processes = listeners(bench.port)
    before, begin = cpu_seconds(processes), time.monotonic()
    found = ask_all(bench.base_url, requests)
    spent, cpu = time.monotonic() - begin, cpu_seconds(processes) - before
    shares = statistics.quantiles(found.times, n=100)
    return Peak(
        activities=bench.activities,
        per_second=READS + POLLS,
        seconds=spent,
        p50_ms=shares[49] * 1000,
        p95_ms=shares[94] * 1000,
        p99_ms=shares[98] * 1000,
        cpu=cpu / spent * 100,
        errors=found.errors,
    )


def at_peak(bench: Bench) -> Iterator[Asked]:
    """Of every eight requests one is a poll of a calendar that has it already."""
    tags = {path: fetch(bench.base_url, path, GZIP).tag for path in CALENDARS}
    polls = cycle([(path, GZIP | {"If-None-Match": tag}) for path, tag in tags.items()])
    pages = cycle([(path, GZIP) for path in PAGES])
    for number in range(10**9):
        path, headers = next(polls) if number % 8 == 0 else next(pages)
        yield Asked((number + 1) / (READS + POLLS), path, headers)


@dataclass(frozen=True)
class Strangers:
    """Memory of all processes of the server, in megabytes: before, after, and the most that it ever was."""

    activities: int | None
    addresses: int
    seconds: float
    before_mb: float
    after_mb: float
    peak_mb: float
    errors: int


def measure_strangers(bench: Bench, addresses: int) -> Strangers:
    """So many addresses that nobody asked for before, every fourth of them twice so that it is worth keeping."""
    processes = listeners(bench.port)
    before, begin = resident_bytes(processes), time.monotonic()
    found = ask_all(bench.base_url, different(addresses), connections=8)
    return Strangers(
        activities=bench.activities,
        addresses=addresses,
        seconds=time.monotonic() - begin,
        before_mb=before / 2**20,
        after_mb=resident_bytes(processes) / 2**20,
        peak_mb=peak_bytes(processes) / 2**20,
        errors=found.errors,
    )


def different(addresses: int) -> Iterator[Asked]:
    """Small parts of the map, each a little more to the east."""
    for number in range(addresses):
        path = f"/activiteiten.geojson?bbox={5.1 + number / 1e7:.7f},52.08,5.15,52.1"
        for _ in range(2 if number % 4 == 0 else 1):
            yield Asked(0.0, path, GZIP)
