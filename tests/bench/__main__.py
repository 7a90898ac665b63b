"""`python -m tests.bench`: measure, print, and write bench.json; with `--markdown` the tables too. Load goes to this machine only."""

import argparse
import shlex
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench import answers, formats, fulfilment, peak, report
from tests.bench.answers import VARIANTS, Bench, Case, Row
from tests.bench.formats import Made
from tests.bench.installation import installation, written_ahead
from tests.bench.load import tool
from tests.bench.machine import LOCAL, facts
from tests.bench.reference import Reference, running_reference
from tests.processes import running_web
from weekapp import clock

WHAT = ("answers", "formats", "peak", "strangers", "fulfilment")
OF_SERVER = {"answers", "peak", "strangers"}
SIZES, LARGE_SIZES = (1_000, 10_000), (1_000, 10_000, 100_000)
ORDERS, LARGE_ORDERS = (500, 2_500), (500, 2_500, 25_000)
ADDRESSES = 20_000


def main() -> int:
    """Measure what was asked for."""
    asked = arguments()
    found: dict[str, Any] = {
        "command": f'make bench ARGS="{shlex.join(sys.argv[1:])}"' if sys.argv[1:] else "make bench",
        "when": clock.now().isoformat(timespec="minutes"),
        "machine": facts(),
        "tool": tool(),
        "seconds": asked.seconds,
        "connections": asked.connections,
        "reference": "nothing",
        "peak": [],
        "strangers": [],
        "fulfilment": [],
    }
    rows: list[Row] = []
    made: list[Made] = []
    if asked.base_url:
        rows = of_another(asked, found)
    else:
        sizes = asked.activities or (LARGE_SIZES if asked.large else SIZES)
        if {*OF_SERVER, "formats"} & set(asked.only):
            rows, made = of_this_site(asked, sizes, found)
        if "fulfilment" in asked.only:
            report.write(found, rows, made, asked.json, asked.markdown)  # not lost when what follows fails
            found["fulfilment"] = [told(fulfilment.measure(number)) for number in asked.orders or orders_of(asked)]
    print("\n" + report.markdown(found, rows, made))
    report.write(found, rows, made, asked.json, asked.markdown)
    return 1 if any(row.errors for row in rows) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--base-url", help="measure the server that runs there instead of our own, e.g. http://127.0.0.1:8000")
    parser.add_argument("--address", action="append", help="with --base-url: an address on that server; can be repeated")
    parser.add_argument("--only", action="append", choices=WHAT, help="leave the rest out; can be repeated")
    parser.add_argument("--activities", action="append", type=int, help=f"sizes instead of {SIZES}; can be repeated")
    parser.add_argument("--orders", action="append", type=int, help=f"sizes of a batch instead of {ORDERS}; can be repeated")
    parser.add_argument("--large", action="store_true", help="100,000 activities and a batch of 25,000 orders too; takes long")
    parser.add_argument("--seconds", type=int, default=2, help="of load for each round of a line of the table; the better of two counts")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--peak-seconds", type=int, default=peak.SECONDS, help="how long the peak lasts")
    parser.add_argument("--addresses", type=int, default=ADDRESSES, help="how many different addresses strangers ask for")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    parser.add_argument("--markdown", type=Path, help="where to write the tables, e.g. docs/bench.md")
    asked = parser.parse_args()
    asked.only = asked.only or list(WHAT)
    if asked.base_url and urlsplit(asked.base_url).hostname not in LOCAL:
        parser.error("the base address must be on this machine: load never goes elsewhere")
    return asked


def of_another(asked: argparse.Namespace, found: dict[str, Any]) -> list[Row]:
    """A server that runs already: the addresses given, or those of this site."""
    base_url = asked.base_url.rstrip("/")
    chosen = [Case(path, variant) for path in asked.address for variant in VARIANTS] if asked.address else answers.cases(base_url)
    with running_reference() as reference:
        found["reference"] = reference.name
        bench = Bench(base_url, reference, None, asked.seconds, asked.connections)
        rows = shown(bench, chosen)
        if not asked.address:
            under_peak(asked, bench, found, is_first=True)
        return rows


def of_this_site(asked: argparse.Namespace, sizes: tuple[int, ...], found: dict[str, Any]) -> tuple[list[Row], list[Made]]:
    """Our own server for each size."""
    rows: list[Row] = []
    made: list[Made] = []
    wants_answers = "answers" in asked.only
    with running_reference() if wants_answers else nullcontext() as reference:
        found["reference"] = reference.name if isinstance(reference, Reference) else "nothing"
        for size in sizes:
            print(f"Making {size:,} activities ...", flush=True)
            with installation(size) as where:
                if OF_SERVER & set(asked.only):
                    with running_web(where.environment) as base_url:
                        written_ahead(where, base_url)
                        bench = Bench(base_url, reference, size, asked.seconds, asked.connections)
                        rows += shown(bench, answers.cases(base_url)) if wants_answers else []
                        under_peak(asked, bench, found, is_first=size == sizes[0])
                if "formats" in asked.only:
                    made += formats.measure(where, size)
    return rows, made


def under_peak(asked: argparse.Namespace, bench: Bench, found: dict[str, Any], *, is_first: bool) -> None:
    """The peak at each size; endless addresses at the first, since what they take does not depend on it."""
    if "peak" in asked.only:
        print(f"{peak.READS + peak.POLLS} requests a second for {asked.peak_seconds} seconds ...", flush=True)
        found["peak"].append(asdict(peak.measure_peak(bench, asked.peak_seconds)))
    if "strangers" in asked.only and is_first:
        print(f"{asked.addresses:,} different addresses ...", flush=True)
        found["strangers"].append(asdict(peak.measure_strangers(bench, asked.addresses)))


def orders_of(asked: argparse.Namespace) -> tuple[int, ...]:
    """How large the batches are: the largest takes minutes, so only when it or nothing else was asked for."""
    return LARGE_ORDERS if asked.large or asked.only == ["fulfilment"] else ORDERS


def shown(bench: Bench, chosen: list[Case]) -> list[Row]:
    """The rows, each printed as soon as it is there."""
    rows = []
    for row in answers.measure(bench, chosen):
        print(
            f"{row.address:45} {row.variant:8} {row.requests_per_second:9,.0f}/s {row.cpu_us:9.1f} µs {report.short(row.ratio):>6} x",
            flush=True,
        )
        rows.append(row)
    return rows


def told(one: dict[str, Any]) -> dict[str, Any]:
    print(f"a batch of {one['orders']:,}: {one['cpu_ms_per_order']:.1f} ms of CPU time an order, {one['peak_mb']:.0f} MB", flush=True)
    return one


if __name__ == "__main__":
    sys.exit(main())
