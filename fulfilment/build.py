"""Step 2 of a batch: claimed lines become files, and at last the hash of their ZIP and `ready` are stored in one transaction.

Files are rendered outside any transaction, so that the site goes on meanwhile, one by one, so that a batch of any size fits in memory, and
only from frozen lines: whoever does it again makes the same bytes. Until `ready` nobody sees them.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import joinedload
from typst import TypstError

from fulfilment.artefacts import csv_file, manifest, pick_list, xlsx_file
from fulfilment.claim import claim_some, mine, take_in_hand
from weekapp import clock
from weekapp.batches import archive, papers, queries, service
from weekapp.batches.lines import row_of
from weekapp.batches.models import Artefact, Batch
from weekapp.batches.parts import named_parts
from weekapp.batches.profiles import Profile, profile
from weekapp.batches.rows import File, Row, parcels
from weekapp.batches.rules import State
from weekapp.db import db, transaction
from weekapp.errors import N_, DomainError
from weekapp.typesetting import MEDIA_TYPE

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
        token = take_in_hand(batch_id)
    if not token:
        return "skipped"
    try:
        is_more = True
        while is_more:
            with transaction():
                is_more = claim_some(batch_id, token)
        return render_and_seal(batch_id, token)
    except DomainError as error:
        return give_up(batch_id, token, str(error))
    except TypstError as error:
        log.error("packing slips not made", batch_id=batch_id, exc_info=error)
        return give_up(batch_id, token, N_("De pakbonnen zijn niet gelukt. Vraag de beheerder om in de logs te kijken."))


def give_up(batch_id: int, token: str, problem: str) -> str:
    """Something that another attempt would not change."""
    with transaction():
        batch = mine(batch_id, token)
        if batch is not None:
            service.fail(batch, problem)
    return "failed"


def render_and_seal(batch_id: int, token: str) -> str:
    """Render until the lines are still the same afterwards: an order may be taken out meanwhile."""
    while True:
        frozen = read(batch_id)
        if frozen is None:
            return "closed"
        if not render(frozen, token):
            return "skipped"
        zipped = listed_zip(batch_id)
        with transaction():
            answer = seal(frozen, token, zipped)
        if answer != "changed":
            return answer


def read(batch_id: int) -> Frozen | None:
    """What was frozen; None when the batch is not to be made (any more)."""
    batch = db.session.get(Batch, batch_id, options=[joinedload(Batch.edition)], populate_existing=True)
    if batch is None or batch.state != State.CLAIMED or batch.claimed_at is None:
        return None
    return Frozen(
        batch_id=batch.id,
        year=batch.edition.year,
        profile=profile(batch.profile),
        claimed_at=batch.claimed_at,
        line_ids=queries.line_ids(batch_id),
        rows=tuple(row_of(line) for line in queries.frozen_lines(batch_id)),
    )


def render(frozen: Frozen, token: str) -> bool:
    """Make the files and store each when it is done, the manifest last; False when another worker has taken over."""
    jobs = list(files_to_make(frozen))
    with transaction():
        batch = mine(frozen.batch_id, token)
        if batch is None:
            return False
        db.session.execute(delete(Artefact).where(Artefact.batch_id == batch.id))  # of an attempt that did not come to its end
        batch.files_done, batch.files_total = 0, len(jobs) + 2
    for job in jobs:
        if not store(frozen.batch_id, token, job()):
            return False
    return store(frozen.batch_id, token, File(manifest.NAME, manifest.MEDIA_TYPE, listed(frozen)))


def store(batch_id: int, token: str, file: File) -> bool:
    """Keep a file of a batch that is being made; False when another worker has taken over."""
    with transaction():
        batch = mine(batch_id, token)
        if batch is None:
            return False
        add(batch, file)
    return True


def add(batch: Batch, file: File) -> None:
    """One more file, with its hash."""
    digest = hashlib.sha256(file.content).hexdigest()
    row = Artefact(batch_id=batch.id, name=file.name, media_type=file.media_type, sha256=digest, size=len(file.content))
    row.row_count = file.row_count
    row.content = file.content
    db.session.add(row)
    batch.files_done += 1
    db.session.flush()
    db.session.expunge(row)  # its bytes are not needed any more


def listed(frozen: Frozen) -> bytes:
    """The manifest of the files that are stored."""
    files = [manifest.Listed(one.name, one.size, one.sha256) for one in queries.artefacts(frozen.batch_id)]
    db.session.rollback()
    return manifest.content(
        frozen.rows, files, batch=frozen.batch_id, edition=frozen.year, profile=frozen.profile.key, claimed_at=frozen.claimed_at
    )


def listed_zip(batch_id: int) -> Artefact:
    """The ZIP as it will be whenever it is put together: its hash and size, not its bytes."""
    digest, size = hashlib.sha256(), 0
    for piece in archive.pieces(queries.stored(batch_id)):
        digest.update(piece)
        size += len(piece)
    db.session.rollback()
    name = archive.name_of(batch_id)
    return Artefact(batch_id=batch_id, name=name, media_type=archive.MEDIA_TYPE, sha256=digest.hexdigest(), size=size, content=b"")


def files_to_make(frozen: Frozen) -> Iterator[Callable[[], File]]:
    """One job for each file, in the order in which logistics use them."""
    title, rows = f"batch {frozen.batch_id}", frozen.rows
    yield lambda: File("picklijst.xlsx", xlsx_file.MEDIA_TYPE, xlsx_file.pick_list(rows, f"Picklijst {title}"))
    yield from pick_lists(frozen)
    yield lambda: File("bestellingen.xlsx", xlsx_file.MEDIA_TYPE, xlsx_file.orders(rows, f"Bestellingen {title}"))
    for name, kind in papers.KINDS.items():
        for file_name, group in named_parts(name, kind.of(rows), kind.most):
            yield partial(one_paper, frozen, kind, file_name, group)
    for file_name, group in named_parts(f"vervoerder-{frozen.profile.key}.csv", parcels(rows), frozen.profile.row_limit):
        yield partial(carrier_file, frozen, file_name, group)


def pick_lists(frozen: Frozen) -> Iterator[Callable[[], File]]:
    """On paper; the totals of the whole batch stand in the first part."""
    for number, (file_name, group) in enumerate(named_parts("picklijst.pdf", frozen.rows, pick_list.ORDERS)):
        yield partial(one_pick_list, frozen, file_name, group, () if number else frozen.rows)


def one_pick_list(frozen: Frozen, name: str, group: Sequence[Row], of_all: Sequence[Row]) -> File:
    content = pick_list.pick_list(group, title=f"Picklijst batch {frozen.batch_id}", of_all=of_all)
    return File(name, MEDIA_TYPE, content)


def one_paper(frozen: Frozen, kind: papers.Kind, name: str, group: Sequence[Row]) -> File:
    content = kind.make(service.about(frozen.batch_id, frozen.year), group, papers.AS_SEALED)
    return File(name, MEDIA_TYPE, content, len(group))


def carrier_file(frozen: Frozen, name: str, group: Sequence[Row]) -> File:
    return File(name, csv_file.MEDIA_TYPE, csv_file.content(group, frozen.profile), len(group))


def seal(frozen: Frozen, token: str, zipped: Artefact) -> str:
    """The last file and the state together: "built", "skipped" when another worker took over, "changed" when the lines have changed."""
    batch = mine(frozen.batch_id, token)
    if batch is None:
        return "skipped"
    if queries.line_ids(batch.id) != frozen.line_ids:
        return "changed"
    if not frozen.rows:
        db.session.execute(delete(Artefact).where(Artefact.batch_id == batch.id))
        batch.state, batch.closed_at = State.CLOSED, clock.now()
        return "closed"
    db.session.add(zipped)
    batch.files_done += 1
    batch.state, batch.sealed_at = State.READY, clock.now()
    log.info("batch built", batch_id=batch.id, orders=len(frozen.line_ids), artefacts=batch.files_done)
    return "built"
