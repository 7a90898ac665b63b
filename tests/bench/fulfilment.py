"""What a batch costs from its orders to the sealed files: time, share of each file, memory of the worker.

`python -m tests.bench.fulfilment ORDERS` is the worker of one size, in a process of its own so that its peak of memory is its own.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import count, product
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from fulfilment import build
from tests.bench.installation import run
from tests.bench.machine import family, peak_bytes
from tests.builders import make_activity, make_order, make_package
from tests.processes import ROOT, environment_for
from weekapp.accounts.models import User
from weekapp.batches import archive
from weekapp.batches import service as batches
from weekapp.batches.models import Batch
from weekapp.batches.rows import File
from weekapp.batches.rules import State
from weekapp.config import Settings, environment
from weekapp.core import create_core
from weekapp.db import Base, db, transaction
from weekapp.editions.models import Edition
from weekapp.orders.models import Order

NAMES = ("Buurthuis De Linde", "Wijkcentrum Het Anker", "Bibliotheek aan de Vliet", "Stichting Łukasz & Şahin", "Buurtkamer Đặng")
STREETS = ("Voorbeeldstraat", "Proeflaan", "Testplein", "Modelkade")
TOWNS = (("3511 LX", "Utrecht"), ("9712 HW", "Groningen"), ("6211 CM", "Maastricht"), ("4331 BK", "Middelburg"), ("8011 PK", "Zwolle"))
CHUNK = 500


def measure(orders: int) -> dict[str, Any]:
    """Make a database with so many approved orders, let a fresh process make the batch, and tell what it took."""
    with tempfile.TemporaryDirectory(prefix="weekapp-bench-") as name:
        folder = Path(name)
        settings = environment_for(folder, f"sqlite:///{folder}/weekapp.db", "memory://")
        run(settings, "prepare")
        command = [sys.executable, "-m", "tests.bench.fulfilment", str(orders)]
        done = subprocess.run([*command, "fill"], env=settings, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            done = subprocess.run(command, env=settings, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stdout[-2000:] + done.stderr[-4000:])
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told


def fill(number: int) -> None:
    """So many approved orders, each of its own initiator and at a doorstep of its own."""
    with transaction():
        activity = make_activity()
        package = make_package(edition=activity.edition, stock=number)
        order = make_order(activity=activity, package=package, state="approved", needed_by=date(2027, 9, 23))
        people = [
            columns_of(activity.initiator) | {"name": f"Persoon {n}", "email": f"order{n}@voorbeeld.nl", "fs_uniquifier": f"order{n}"}
            for n in range(1, number)
        ]
        insert_all(User, people)
        initiators = db.session.scalars(select(User.id).where(User.email.like("order%")).order_by(User.id)).all()
        doors = product(range(1, number + 1), TOWNS)  # a postcode and a house number are one doorstep
        orders = [
            columns_of(order)
            | {
                "number": f"KE27-{n:05d}",
                "initiator_id": initiator,
                "recipient": NAMES[n % len(NAMES)],
                "attention": f"Persoon {n}",
                "street": STREETS[n % len(STREETS)],
                "house_number": house,
                "postcode": postcode,
                "town": town,
                "place_key": f"{postcode} {house}",
            }
            for n, initiator, (house, (postcode, town)) in zip(count(10_001), initiators, doors, strict=False)
        ]
        insert_all(Order, orders)


def columns_of(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"}


def insert_all(table: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(table), rows[start : start + CHUNK])


class Watch:
    """Seconds since the last look, on the clock and of CPU time."""

    def __init__(self) -> None:
        self.clock, self.cpu = time.perf_counter(), time.process_time()

    def look(self) -> dict[str, float]:
        before, self.clock, self.cpu = (self.clock, self.cpu), time.perf_counter(), time.process_time()
        return {"seconds": self.clock - before[0], "cpu_seconds": self.cpu - before[1]}


def make_batch(number: int) -> dict[str, Any]:
    """The work of the worker for one batch, and which file takes what share of it."""
    with transaction():
        edition = db.session.scalars(select(Edition)).one()
        batch_id = batches.request_on_demand(edition, click="bench", by_id=0).id
    watch = Watch()
    assert build.make(batch_id) == "built"
    spent = watch.look()
    peak = peak_bytes(family(os.getpid()))
    kinds = each_file(batch_id, number)
    rest = {"kind": "claiming, storing, sealing", "files": 0, "bytes": 0}
    rest["cpu_seconds"] = max(0, spent["cpu_seconds"] - sum(kind["cpu_seconds"] for kind in kinds))
    return {
        "orders": number,
        **spent,
        "cpu_ms_per_order": spent["cpu_seconds"] * 1000 / number,
        "peak_mb": peak / 2**20,
        "files": [kind | {"share": kind["cpu_seconds"] / spent["cpu_seconds"]} for kind in (*kinds, rest)],
    }


def each_file(batch_id: int, number: int) -> list[dict[str, Any]]:
    """How long each kind of file takes: they are made once more, one by one, from the same rows."""
    kinds: dict[str, dict[str, Any]] = {}
    files: list[File] = []
    frozen = frozen_again(batch_id)
    assert len(frozen.rows) == number, f"{len(frozen.rows)} of {number} orders are in the batch"
    watch = Watch()
    for job in build.files_to_make(frozen):
        files.append(job())
        note(kinds, files[-1].name, watch.look()["cpu_seconds"], len(files[-1].content))
    zipped = sum(len(piece) for piece in archive.pieces(files))
    note(kinds, "batch.zip", watch.look()["cpu_seconds"], zipped)
    return list(kinds.values())


def frozen_again(batch_id: int) -> build.Frozen:
    """What the files of a sealed batch were made from: it is claimed once more, and that is undone."""
    with transaction():
        db.session.get_one(Batch, batch_id).state = State.CLAIMED
        db.session.flush()
        frozen = build.read(batch_id)
        db.session.rollback()
    assert frozen is not None
    return frozen


def note(kinds: dict[str, dict[str, Any]], name: str, seconds: float, size: int) -> None:
    """Parts of one kind (pakbonnen-1-van-2.pdf) are counted together."""
    kind = re.sub(r"-\d+-van-\d+", "", name)
    known = kinds.setdefault(kind, {"kind": kind, "files": 0, "cpu_seconds": 0.0, "bytes": 0})
    known["files"] += 1
    known["cpu_seconds"] += seconds
    known["bytes"] += size


def main(number: int, *, only_fill: bool) -> None:
    """One of the two processes of a size."""
    app = create_core(Settings.from_mapping(environment()))
    with app.app_context():
        if only_fill:
            fill(number)
        else:
            print(json.dumps(make_batch(number)))


if __name__ == "__main__":
    main(int(sys.argv[1]), only_fill="fill" in sys.argv[2:])
