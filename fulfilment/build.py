"""Step 2 of a batch: claimed lines become files, and the files and `ready` are stored in one transaction.

Files are rendered outside any transaction, so that the site goes on meanwhile, and only from frozen lines: a worker that dies leaves
nothing half, and whoever does it again makes the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import joinedload
from typst import TypstError

from fulfilment.artefacts import csv_file, manifest, pdf_file, xlsx_file, zip_file
from fulfilment.artefacts.rows import File, Row
from fulfilment.batching import name_of_part, parts
from fulfilment.carrier.profiles import Profile, profile
from fulfilment.claim import TEXTS, claim_orders, row_of, show_life, take_in_hand
from weekapp import clock
from weekapp.batches import queries, service
from weekapp.batches.models import Artefact, Batch, BatchLine
from weekapp.batches.rules import State
from weekapp.core import settings
from weekapp.db import db, lock, transaction
from weekapp.errors import N_, DomainError

log = structlog.get_logger()


@dataclass(frozen=True)
class Frozen:
    """All that the files of a batch depend on."""

    batch_id: int
    year: int
    profile: Profile
    claimed_at: datetime
    line_ids: tuple[int, ...]
    rows: tuple[Row, ...]


def make(batch_id: int) -> str:
    """From asked for to sealed, as far as that is still to be done: "built", "closed", "failed" or "skipped"."""
    with transaction():
        is_mine = take_in_hand(batch_id)
    if not is_mine:
        return "skipped"
    try:
        with transaction():
            claim_orders(batch_id)
        return render_and_seal(batch_id)
    except DomainError as error:
        return give_up(batch_id, str(error))
    except TypstError as error:
        log.error("packing slips not made", batch_id=batch_id, exc_info=error)
        return give_up(batch_id, N_("De pakbonnen zijn niet gelukt. Vraag de beheerder om in de logs te kijken."))


def give_up(batch_id: int, problem: str) -> str:
    """Something that another attempt would not change."""
    with transaction():
        batch = lock(db.session.get_one(Batch, batch_id))
        if batch.state in {State.REQUESTED, State.CLAIMED}:
            service.fail(batch, problem)
    return "failed"


def render_and_seal(batch_id: int) -> str:
    """Render until the lines are still the same afterwards: an order may be taken out meanwhile."""
    while True:
        frozen = read(batch_id)
        if frozen is None:
            return "closed"
        files = rendered(frozen)
        with transaction():
            answer = seal(frozen, files)
        if answer != "changed":
            return answer


def read(batch_id: int) -> Frozen | None:
    """What was frozen; None when the batch is not to be made (any more)."""
    batch = db.session.get(Batch, batch_id, options=[joinedload(Batch.edition)], populate_existing=True)
    if batch is None or batch.state != State.CLAIMED or batch.claimed_at is None:
        return None
    lines = queries.lines(batch_id)
    return Frozen(
        batch_id=batch.id,
        year=batch.edition.year,
        profile=profile(batch.profile),
        claimed_at=batch.claimed_at,
        line_ids=tuple(line.id for line in lines),
        rows=tuple(row_of(columns_of(line)) for line in lines),
    )


def columns_of(line: BatchLine) -> dict[str, object]:
    names = (*TEXTS, "order_number", "quantity", "needed_by", "house_number", "email", "phone", "contents")
    return {name: getattr(line, name) for name in names}


def rendered(frozen: Frozen) -> list[File]:
    """All files, the manifest and the ZIP of them last; shows life after each."""
    jobs = list(files_to_make(frozen))
    files = []
    db.session.rollback()  # nothing is open while we render
    for done, job in enumerate(jobs, 1):
        files.append(job())
        with transaction():
            show_life(frozen.batch_id, clock.now(), files_done=done, files_total=len(jobs) + 1)
    facts = {"batch": frozen.batch_id, "edition": frozen.year, "profile": frozen.profile.key}
    listed = manifest.content(frozen.rows, files, claimed_at=frozen.claimed_at, **facts)  # type: ignore[arg-type]
    files.append(File(manifest.NAME, manifest.MEDIA_TYPE, listed))
    return [*files, File(f"batch-{frozen.batch_id}.zip", zip_file.MEDIA_TYPE, zip_file.content(files))]


def files_to_make(frozen: Frozen) -> Iterator[Callable[[], File]]:
    """One job for each file, in the order in which logistics use them."""
    title = f"batch {frozen.batch_id}"
    yield lambda: File("picklijst.xlsx", xlsx_file.MEDIA_TYPE, xlsx_file.pick_list(frozen.rows, f"Picklijst {title}"))
    yield lambda: File("bestellingen.xlsx", xlsx_file.MEDIA_TYPE, xlsx_file.orders(frozen.rows, f"Bestellingen {title}"))
    yield from slips_to_make(frozen)
    yield from carrier_files_to_make(frozen)


def slips_to_make(frozen: Frozen) -> Iterator[Callable[[], File]]:
    chosen = settings()
    contact = f"Vragen? Mail {chosen.contact_email} of bel {chosen.contact_phone}."
    groups = parts(frozen.rows, pdf_file.PAGES)
    for number, group in enumerate(groups, 1):

        def job(group: Sequence[Row] = group, number: int = number) -> File:
            foot = f"Kom Erbij {frozen.year} · batch {frozen.batch_id}"
            slips = pdf_file.packing_slips(group, title=f"Pakbonnen batch {frozen.batch_id}", contact=contact, foot=foot)
            return File(name_of_part("pakbonnen", "pdf", number, len(groups)), pdf_file.MEDIA_TYPE, slips)

        yield job


def carrier_files_to_make(frozen: Frozen) -> Iterator[Callable[[], File]]:
    groups = parts(frozen.rows, frozen.profile.row_limit)
    for number, group in enumerate(groups, 1):

        def job(group: Sequence[Row] = group, number: int = number) -> File:
            name = name_of_part(f"vervoerder-{frozen.profile.key}", "csv", number, len(groups))
            return File(name, csv_file.MEDIA_TYPE, csv_file.content(group, frozen.profile))

        yield job


def seal(frozen: Frozen, files: Sequence[File]) -> str:
    """Store all files and the state together: "built", "skipped" when another worker was first, "changed" when the lines have changed."""
    batch = lock(db.session.get_one(Batch, frozen.batch_id))
    if batch.state != State.CLAIMED:
        return "skipped"
    if tuple(line.id for line in queries.lines(batch.id)) != frozen.line_ids:
        return "changed"
    if not frozen.rows:
        batch.state, batch.closed_at = State.CLOSED, clock.now()
        return "closed"
    for file in files:
        digest = hashlib.sha256(file.content).hexdigest()
        row = Artefact(batch_id=batch.id, name=file.name, media_type=file.media_type, sha256=digest, size=len(file.content))
        row.content = file.content
        db.session.add(row)
    batch.state, batch.sealed_at, batch.files_done = State.READY, clock.now(), batch.files_total
    log.info("batch built", batch_id=batch.id, orders=len(frozen.rows), artefacts=len(files))
    return "built"
