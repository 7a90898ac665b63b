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


def measure(
    base_url: str, chosen: list[Case], reference: Reference | None, *, activities: int | None, seconds: int, connections: int
) -> Iterator[Row]:
    """One row for each case, as soon as it is known."""
    port = urlsplit(base_url).port or 80
    for number, case in enumerate(chosen):
        yield row(base_url, port, case, reference, number, activities=activities, seconds=seconds, connections=connections)


def row(
    base_url: str, port: int, case: Case, reference: Reference | None, number: int, *, activities: int | None, seconds: int, connections: int
) -> Row:
    """The server and the reference, one after the other."""
    headers: Headers = {} if case.variant == AS_IT_IS else {"Accept-Encoding": "gzip"}
    path = f"{case.path}10" if case.variant == ENDLESS else case.path
    answer = fetch(base_url, path, headers)
    sent = answer.length
    if case.variant == UNCHANGED:
        headers, sent = headers | {"If-None-Match": answer.tag}, 0
    load, cpu, peak = under_load(base_url + case.path, headers, port, seconds, connections, endless=case.variant == ENDLESS)
    beside: tuple[float, float] | tuple[None, None] = (None, None)
    if reference and case.variant != ENDLESS:
        url = reference.hold(f"case{activities}-{number}", answer.body)
        if case.variant == UNCHANGED:
            where = urlsplit(url)
            headers |= {"If-None-Match": fetch(f"http://{where.netloc}", where.path, {"Accept-Encoding": "gzip"}).tag}
        other, other_cpu, _ = under_load(url, headers, reference.port, seconds, connections)
        beside = (other.per_second, other_cpu * 1e6 / other.requests)
    return Row(
        address=case.name or case.path,
        variant=case.variant,
        activities=activities,
        requests_per_second=load.per_second,
        p50_ms=load.p50,
        p99_ms=load.p99,
        cpu_us=cpu * 1e6 / load.requests,
        bytes=sent,
        peak_mb=peak / 2**20,
        errors=load.errors,
        reference_requests_per_second=beside[0],
        reference_cpu_us=beside[1],
    )


def under_load(url: str, headers: Headers, port: int, seconds: int, connections: int, *, endless: bool = False) -> tuple[Load, float, int]:
    """The load, the CPU seconds that the server's processes spent on it, and the most memory that they ever held."""
    start = time.time_ns() // 1_000_000 % 10**9
    put_load(url, headers, seconds=WARM_UP, connections=connections, another_from=start if endless else None)
    processes = listeners(port)
    before = cpu_seconds(processes)
    load = put_load(url, headers, seconds=seconds, connections=connections, another_from=start + 10**9 if endless else None)
    return load, cpu_seconds(processes) - before, peak_bytes(processes)


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
