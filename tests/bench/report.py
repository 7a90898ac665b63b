"""The tables of what was measured: on the screen, in bench.json, and in Markdown."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.answers import UNCHANGED, Row
from tests.bench.formats import Made

SUBSCRIBERS, POLLS, POLLS_ON_THE_HOUR = 20_000, 3.2, 50.0  # public-sector.md, section 7
Cells = Sequence[object]

EXPLANATION = """\
`CPU` is the time of all processes of the server for one request. Beside it stands that of nginx, or what stands in for it, for the same
bytes in the same minute on the same machine; `x` says how many times more the site takes. Load and servers share the cores, so requests
a second are low for all alike: trust the ratios. `growth` is the CPU time against that at the first size.
"""


def table(head: Cells, rows: Iterable[Cells]) -> str:
    """Markdown that is a table on a terminal too; numbers to the right."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    columns = [max(len(line[at]) for line in lines) for at in range(len(head))]
    texts = [line[0].ljust(columns[0]) for line in lines]
    numbers = [[cell.rjust(width) for cell, width in zip(line[1:], columns[1:], strict=True)] for line in lines]
    written = ["| " + " | ".join([text, *rest]) + " |" for text, rest in zip(texts, numbers, strict=True)]
    ruler = "| " + " | ".join(["-" * columns[0], *("-" * (width - 1) + ":" for width in columns[1:])]) + " |"
    return "\n".join([written[0], ruler, *written[1:]])


def short(number: float | None, unit: str = "") -> str:
    """Two or three digits that mean something; a dash for what is not known."""
    if number is None:
        return "-"
    return f"{number:,.0f}{unit}" if abs(number) >= 100 else f"{number:.1f}{unit}" if abs(number) >= 10 else f"{number:.2f}{unit}"


def answers(rows: Sequence[Row], reference: str) -> str:
    """One line for each address, way of asking and size."""
    order = {(row.address, row.variant): at for at, row in reversed(list(enumerate(rows)))}
    lines = []
    for row in sorted(rows, key=lambda row: (order[row.address, row.variant], row.activities or 0)):
        first = min((r for r in rows if (r.address, r.variant) == (row.address, row.variant)), key=lambda r: r.activities or 0)
        times = f"{row.requests_per_second:,.0f}", short(row.p50_ms), short(row.p99_ms)
        cost = short(row.cpu_us), short(row.reference_cpu_us), short(row.ratio), short(row.cpu_us / first.cpu_us)
        size = f"{row.activities:,}" if row.activities else "-"
        lines.append((f"`{row.address}`", row.variant, size, *times, *cost, f"{row.bytes:,}", f"{row.peak_mb:.0f}", row.errors))
    numbers = ("activities", "requests/s", "p50 ms", "p99 ms", "CPU µs", f"{reference} µs", "x", "growth", "bytes", "peak MB", "errors")
    head = ("address", "asked", *numbers)
    return table(head, lines)


def polls(rows: Sequence[Row]) -> str:
    """What subscribed calendars cost, nearly all of whose questions end in a 304."""
    costs = [row.cpu_us for row in rows if row.variant == UNCHANGED and row.address.endswith(".ics")]
    if not costs:
        return ""
    share = max(costs) / 1e6 * 100
    return (
        f"{SUBSCRIBERS:,} subscribed calendars ask {POLLS} times a second on average and {POLLS_ON_THE_HOUR:.0f} times on the hour: "
        f"{share * POLLS:.3f} % and {share * POLLS_ON_THE_HOUR:.2f} % of one core, at {max(costs):.0f} µs for a 304.\n"
    )


def peaks(rows: Sequence[dict[str, Any]]) -> str:
    """LOAD-01 and LOAD-03: the pace is held whether or not the server keeps up, and waiting counts from when a request was due."""
    lines = [
        (
            f"{row['per_second']} requests/s for {row['seconds']:.0f} s",
            f"{row['activities']:,}" if row["activities"] else "-",
            short(row["p50_ms"]),
            short(row["p95_ms"]),
            short(row["p99_ms"]),
            f"{row['cpu']:.1f} %",
            row["errors"],
        )
        for row in rows
    ]
    return table(("350 reads and 50 polls", "activities", "p50 ms", "p95 ms", "p99 ms", "CPU of one core", "errors"), lines)


def strangers(rows: Sequence[dict[str, Any]]) -> str:
    """What a flood of searches does to the memory of all processes of the server."""
    lines = [
        (
            f"{row['addresses']:,} addresses",
            f"{row['activities']:,}" if row["activities"] else "-",
            short(row["seconds"]),
            f"{row['before_mb']:.0f}",
            f"{row['after_mb']:.0f}",
            f"{row['peak_mb']:.0f}",
            row["errors"],
        )
        for row in rows
    ]
    return table(("asked for", "activities", "seconds", "MB before", "MB after", "peak MB", "errors"), lines)


def formats(rows: Sequence[Made]) -> str:
    """What is made anew after a change."""
    order = {row.what: at for at, row in reversed(list(enumerate(rows)))}
    lines = [
        (row.what, f"{row.activities:,}", f"{row.moments:,}", short(row.milliseconds), f"{row.bytes:,}", f"{row.gzip_bytes:,}")
        for row in sorted(rows, key=lambda row: (order[row.what], row.activities))
    ]
    return table(("what", "activities", "moments", "CPU ms", "bytes", "gzip bytes"), lines)


def batches(told: Sequence[dict[str, Any]]) -> str:
    """What a batch costs, and which file takes what share."""
    head = ("orders", "seconds", "CPU seconds", "CPU ms an order", "growth", "peak MB of the worker")
    first = told[0]["cpu_ms_per_order"]
    lines = [
        (
            f"{one['orders']:,}",
            short(one["seconds"]),
            short(one["cpu_seconds"]),
            short(one["cpu_ms_per_order"]),
            short(one["cpu_ms_per_order"] / first),
            f"{one['peak_mb']:.0f}",
        )
        for one in told
    ]
    shares = [
        (file["kind"], f"{one['orders']:,}", file["files"], f"{file['bytes']:,}", f"{file['share']:.0%}")
        for one in told
        for file in one["files"]
    ]
    return table(head, lines) + "\n\n" + table(("file", "orders", "files", "bytes", "share of CPU time"), shares)


def markdown(found: dict[str, Any], rows: Sequence[Row], made: Sequence[Made]) -> str:
    """All of it, as docs/bench.md."""
    facts = found["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in facts["packages"].items())
    parts = [
        "# What it costs",
        f"Measured on {found['when']} with `{found['command']}` on {facts['cores']} cores ({facts['processor']}), "
        f"Python {facts['python']}, {packages}; the machine had a load of {facts['load']} before it began. "
        f"Load came from {found['tool']}, over {found['connections']} connections, {found['seconds']} seconds a line, "
        "the cheaper of two rounds.",
    ]
    if rows:
        parts += [
            "## Kept answers, beside " + found["reference"],
            EXPLANATION,
            answers(rows, found["reference"].split("/")[0]),
            polls(rows),
        ]
    if found["peak"]:
        parts += ["## The peak after a television spot", peaks(found["peak"])]
    if found["strangers"]:
        parts += ["## Strangers who ask for endless addresses", strangers(found["strangers"])]
    if made:
        parts += ["## Making them anew after a change, in one process", formats(made)]
    if found["fulfilment"]:
        parts += ["## A batch, from approved orders to sealed files", batches(found["fulfilment"])]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def write(found: dict[str, Any], rows: Sequence[Row], made: Sequence[Made], json_file: Path, markdown_file: Path | None) -> None:
    """Both files."""
    told = found | {"answers": [asdict(row) | {"ratio": row.ratio} for row in rows], "formats": [asdict(one) for one in made]}
    json_file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if markdown_file:
        markdown_file.write_text(markdown(found, rows, made))
