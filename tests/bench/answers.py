"""What an answer costs: requests a second, waiting times, CPU time of the server's processes, beside a server that gives the same bytes."""

import gzip
import json
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from tests.bench.load import Headers, Load, put_load
from tests.bench.machine import cpu_seconds, listeners, peak_bytes
from tests.bench.reference import Reference

WARM_UP = 1  # seconds
ROUNDS = 2
ENDLESS = "endless"  # each request asks for an address that nobody asked for before
AS_IT_IS, GZIP, UNCHANGED = "as it is", "gzip", "304"
VARIANTS = (GZIP, UNCHANGED, AS_IT_IS)


@dataclass(frozen=True)
class Case:
    """One address, and how it is asked for."""

    path: str
    variant: str
    name: str = ""  # for an address that differs from run to run


@dataclass(frozen=True)
class Row:
    """One line of the table. CPU time is that of all processes of the server; `ratio` is to the reference in the same minute."""

    address: str
    variant: str
    activities: int | None
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    bytes: int
    peak_mb: float
    errors: int
    reference_requests_per_second: float | None
    reference_cpu_us: float | None

    @property
    def ratio(self) -> float | None:
        """How many times the CPU time of the reference."""
        return self.cpu_us / self.reference_cpu_us if self.reference_cpu_us else None


def cases(base_url: str) -> list[Case]:
    """The addresses of this site that people, maps and calendars ask for most."""
    first = json.loads(fetch(base_url, "/activiteiten.json", {"Accept-Encoding": "gzip"}).body)[0]["url"]
    return [
        Case("/", GZIP),
        Case("/activiteiten", GZIP),
        Case("/activiteiten?gemeente=utrecht", GZIP),
        Case(urlsplit(first).path, GZIP, "/activiteiten/<id>-<slug>"),
        Case("/kaart", GZIP),
        Case("/activiteiten.ics", GZIP),
        Case("/activiteiten.ics", UNCHANGED),
        Case("/activiteiten.ics", AS_IT_IS),
        Case("/gemeenten/utrecht.ics", GZIP),
        Case("/gemeenten/utrecht.ics", UNCHANGED),
        Case("/activiteiten.geojson", GZIP),
        Case("/activiteiten.geojson", UNCHANGED),
        Case("/activiteiten.json", GZIP),
        Case("/activiteiten?postcode=3511&straal=", ENDLESS, "/activiteiten?postcode=3511&straal=…"),
    ]


@dataclass(frozen=True)
class Bench:
    """What is measured, and how."""

    base_url: str
    reference: Reference | None
    activities: int | None
    seconds: int
    connections: int

    @property
    def port(self) -> int:
        return urlsplit(self.base_url).port or 80


def measure(bench: Bench, chosen: list[Case]) -> Iterator[Row]:
    """One row for each case, as soon as it is known: the server, then the reference."""
    for number, case in enumerate(chosen):
        headers: Headers = {} if case.variant == AS_IT_IS else {"Accept-Encoding": "gzip"}
        answer = fetch(bench.base_url, f"{case.path}10" if case.variant == ENDLESS else case.path, headers)
        condition = {"If-None-Match": answer.tag} if case.variant == UNCHANGED else {}
        load, cpu, peak = under_load(bench, bench.base_url + case.path, headers | condition, bench.port, endless=case.variant == ENDLESS)
        beside = compared(bench, case, answer.body, headers, f"case{bench.activities}-{number}")
        yield Row(
            address=case.name or case.path,
            variant=case.variant,
            activities=bench.activities,
            requests_per_second=load.per_second,
            p50_ms=load.p50,
            p99_ms=load.p99,
            cpu_us=cpu * 1e6 / load.requests,
            bytes=0 if condition else answer.length,
            peak_mb=peak / 2**20,
            errors=load.errors,
            reference_requests_per_second=beside[0],
            reference_cpu_us=beside[1],
        )


def compared(bench: Bench, case: Case, body: bytes, headers: Headers, name: str) -> tuple[float, float] | tuple[None, None]:
    """Requests a second and microseconds of CPU time of the reference; nothing where there is none, or no file could answer."""
    if bench.reference is None or case.variant == ENDLESS:
        return None, None
    url = bench.reference.hold(name, body)
    if case.variant == UNCHANGED:
        where = urlsplit(url)
        headers = headers | {"If-None-Match": fetch(f"http://{where.netloc}", where.path, headers).tag}
    load, cpu, _ = under_load(bench, url, headers, bench.reference.port)
    return load.per_second, cpu * 1e6 / load.requests


def under_load(bench: Bench, url: str, headers: Headers, port: int, *, endless: bool = False) -> tuple[Load, float, int]:
    """The load, the CPU seconds that the server's processes spent on it, and the most memory in bytes that they ever held.

    Of ROUNDS the one that cost least: what others do on the machine meanwhile only adds to it.
    """
    start = time.time_ns() // 1_000_000 % 10**9 if endless else None
    put_load(url, headers, seconds=WARM_UP, connections=bench.connections, another_from=start)
    processes = listeners(port)
    found = []
    for number in range(1, ROUNDS + 1):
        before = cpu_seconds(processes)
        another = start + number * 10**6 if start else None
        load = some_load(bench, url, headers, another)
        found.append((load, cpu_seconds(processes) - before))
    load, cpu = min(found, key=lambda one: one[1] / one[0].requests)
    return load, cpu, peak_bytes(processes)


def some_load(bench: Bench, url: str, headers: Headers, another: int | None) -> Load:
    """The load of the time asked for; where no answer ended within it, of twice and then four times that. Raises RuntimeError."""
    for seconds in (bench.seconds, 2 * bench.seconds, 4 * bench.seconds):
        load = put_load(url, headers, seconds=seconds, connections=bench.connections, another_from=another)
        if load.requests:
            return load
    raise RuntimeError(f"no answer of {url} ended within {4 * bench.seconds} seconds: ask for more --seconds")


@dataclass(frozen=True)
class Answer:
    """An answer with its body decoded; `length` is what went over the wire."""

    body: bytes
    length: int
    tag: str


def fetch(base_url: str, path: str, headers: Headers) -> Answer:
    """Ask once. Raises RuntimeError when the answer is not 200."""
    connection = HTTPConnection(urlsplit(base_url).netloc, timeout=120)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise RuntimeError(f"{base_url}{path} answers {response.status}")
    return Answer(decoded(response, body), len(body), response.getheader("ETag") or '"none"')


def decoded(response: HTTPResponse, body: bytes) -> bytes:
    encoding = response.getheader("Content-Encoding", "")
    if encoding == "deflate":
        return zlib.decompress(body)
    return gzip.decompress(body) if encoding == "gzip" else body
