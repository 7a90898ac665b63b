"""Files of carriers from upload to applied. Reading them is the work of `fulfilment`; the row says what has to be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from weekapp import audit, clock
from weekapp.accounts.models import User
from weekapp.db import db, lock
from weekapp.errors import N_, InvalidInput, WrongState
from weekapp.queue import Task, nudge
from weekapp.shipments import queries, rules, service
from weekapp.shipments.models import CarrierMapping, ReturnFile, ReturnRow
from weekapp.shipments.rules import APPLIES, Carrier, Columns, FileState, Judgement, Problem, Told, Verdict

ORDERS_AT_ONCE = 50  # in one transaction: nobody waits long for the database


@dataclass(frozen=True)
class Work:
    """What a worker needs to read a file, outside any transaction."""

    content: bytes
    columns: Columns | None


def receive(content: bytes, ending: str, carrier: Carrier, *, by: User) -> ReturnFile:
    """Keep a file for the worker; the same one once, as long as it has not been dealt with. Raises InvalidInput when it is too big."""
    if len(content) > rules.MOST_BYTES:
        raise InvalidInput([("file", N_("Dit bestand is groter dan 25 MB. Splits het in kleinere bestanden."))])
    digest = sha256(content).hexdigest()
    earlier = queries.waiting_twin(carrier, digest)
    if earlier is not None:
        return earlier
    file = ReturnFile(
        carrier=carrier,
        ending=ending.lower()[:8],
        size=len(content),
        sha256=digest,
        content=content,
        state=FileState.UPLOADED,
        uploaded_by_id=by.id,
        uploaded_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(file)
    except IntegrityError:  # the same file at the same moment
        earlier = queries.waiting_twin(carrier, digest)
        if earlier is None:
            raise
        return earlier
    audit.note("carrier file uploaded", f"return file {file.id}", user_id=by.id, bytes=file.size)
    nudge(Task.PARSE_RETURN_FILE, file.id)
    return file


def lock_for(file: ReturnFile, then: FileState) -> ReturnFile:
    """Lock a file that is about to change; raises WrongState when somebody was first."""
    lock(file)
    if then not in rules.FILE_NEXT[file.state]:
        raise WrongState(N_("Dit kan niet meer: het bestand is intussen veranderd."))
    return file


def choose_columns(file: ReturnFile, columns: Columns, *, by: User) -> ReturnFile:
    """Remember which columns this carrier has, and read the file (again) with them."""
    lock_for(file, FileState.UPLOADED)
    if db.session.scalar(select(ReturnFile.id).where(ReturnFile.id == file.id, ReturnFile.content.is_not(None))) is None:
        raise WrongState(N_("De inhoud van dit bestand is gewist. Upload het opnieuw."))
    remember(file.carrier, columns, by=by)
    db.session.execute(delete(ReturnRow).where(ReturnRow.file_id == file.id))
    clear(file)
    try:
        with db.session.begin_nested():
            file.state = FileState.UPLOADED
    except IntegrityError:
        raise WrongState(N_("Dit bestand is intussen opnieuw geüpload. Ga daarmee verder.")) from None
    nudge(Task.PARSE_RETURN_FILE, file.id)
    return file


def clear(file: ReturnFile) -> None:
    """Forget what was found in a file."""
    file.problem, file.problem_values, file.unknown_words, file.counts = "", {}, [], {}
    file.attempts, file.worked_at = 0, None


def remember(carrier: Carrier, columns: Columns, *, by: User) -> CarrierMapping:
    """Keep the columns of a carrier, and its words for statuses besides those that it had."""
    mapping = queries.mapping(carrier) or CarrierMapping(carrier=carrier, words={})
    mapping.reference, mapping.barcode, mapping.status, mapping.date = columns.reference, columns.barcode, columns.status, columns.date
    mapping.words = {**mapping.words, **{word: str(status) for word, status in columns.words.items()}}
    mapping.changed_at, mapping.changed_by_id = clock.now(), by.id
    db.session.add(mapping)
    db.session.flush()
    return mapping


def take(file_id: int) -> Work | None:
    """Lease a file that waits to be read; None when there is nothing to do. A file that kills its worker again and again is refused."""
    file = locked(file_id)
    now = clock.now()
    if file is None or file.state != FileState.UPLOADED or (file.worked_at and now - file.worked_at < rules.LEASE):
        return None
    file.attempts, file.worked_at = file.attempts + 1, now
    if file.attempts > rules.MOST_ATTEMPTS or file.content is None:
        turn_down(file, N_("We konden dit bestand niet lezen. Maak het kleiner en upload het opnieuw."))
        return None
    mapping = queries.mapping(file.carrier)
    return Work(file.content, mapping.columns if mapping else None)


def locked(file_id: int) -> ReturnFile | None:
    """The file, locked; None when it does not exist."""
    file = db.session.get(ReturnFile, file_id)
    return lock(file) if file else None


def waits_for_reader(file_id: int) -> ReturnFile | None:
    """The file, locked, when it still waits to be read."""
    file = locked(file_id)
    return file if file and file.state == FileState.UPLOADED else None


def ask(file_id: int, found_columns: Sequence[str], unknown_words: Sequence[str], message: str, values: Mapping[str, str]) -> str:
    """Staff must say which columns hold what, or what a word means: "unclear"."""
    file = waits_for_reader(file_id)
    if file is None:
        return "skipped"
    file.state, file.worked_at = FileState.UNCLEAR, None
    file.found_columns, file.unknown_words = list(found_columns), list(unknown_words)
    file.problem, file.problem_values = message, dict(values)
    return "unclear"


def refuse(file_id: int, found_columns: Sequence[str], problems: Sequence[Problem]) -> str:
    """Nothing of a file is used when anything in it cannot be read; each row that is wrong is listed: "refused"."""
    file = waits_for_reader(file_id)
    if file is None:
        return "skipped"
    whole = next((problem for problem in problems if problem.row == 0), None)
    rows = [row_of_problem(file.id, problem) for problem in problems if problem.row]
    if rows:
        db.session.execute(insert(ReturnRow), rows)
    file.found_columns = list(found_columns)
    if whole is not None:
        turn_down(file, whole.message, whole.values)
    else:
        file.state, file.worked_at = FileState.REFUSED, None  # the content stays: perhaps other columns were meant
        file.problem = N_("In dit bestand staan fouten. Daarom is er niets veranderd.")
    file.counts = queries.count_rows(file.id)
    return "refused"


def turn_down(file: ReturnFile, message: str, values: Mapping[str, str] | None = None) -> None:
    """A file that is not used, for a reason; its content goes."""
    file.state, file.worked_at, file.content = FileState.REFUSED, None, None
    file.problem, file.problem_values = message, dict(values or {})


def row_of_problem(file_id: int, problem: Problem) -> dict[str, object]:
    """A problem as a row of the table."""
    return {
        "file_id": file_id,
        "row": problem.row,
        "order_number": problem.reference,
        "barcode": problem.barcode,
        "status": None,
        "at": None,
        "verdict": Verdict.WRONG,
        "problem": problem.message,
        "problem_values": dict(problem.values),
        "order_id": None,
        "is_done": False,
    }


def show(file_id: int, lines: Sequence[Told], *, delimiter: str, encoding: str) -> str:
    """The file can be read: keep its rows with a verdict on each, for staff to look at: "parsed"."""
    file = waits_for_reader(file_id)
    if file is None:
        return "skipped"
    judgements = service.judged(lines)
    if judgements:
        db.session.execute(insert(ReturnRow), [row_of_judgement(file.id, judgement) for judgement in judgements])
    mapping = queries.mapping(file.carrier)
    if mapping is not None:
        mapping.delimiter, mapping.encoding = delimiter, encoding
    file.state, file.worked_at = FileState.PARSED, None
    file.counts = queries.count_rows(file.id)
    return "parsed"


def row_of_judgement(file_id: int, judgement: Judgement) -> dict[str, object]:
    """A line and its verdict as a row of the table."""
    told = judgement.told
    return {
        "file_id": file_id,
        "row": told.row,
        "order_number": told.reference,
        "barcode": told.barcode,
        "status": told.status,
        "at": told.at,
        "verdict": judgement.verdict,
        "problem": judgement.message,
        "problem_values": dict(judgement.values),
        "order_id": judgement.order_id,
        "is_done": False,
    }


def apply(file: ReturnFile, *, by: User) -> ReturnFile:
    """Somebody has looked: do what the file says. Pressed twice, the second time does nothing."""
    lock(file)
    if file.state in {FileState.APPLYING, FileState.APPLIED}:
        return file
    lock_for(file, FileState.APPLYING)
    file.state, file.worked_at, file.applied_by_id = FileState.APPLYING, clock.now(), by.id
    audit.note("carrier file applied", f"return file {file.id}", user_id=by.id, **file.counts)
    nudge(Task.APPLY_RETURN_FILE, file.id)
    return file


def apply_some(file_id: int) -> int:
    """Apply the rows of the next orders; how many rows that were, 0 when the file is done. Two workers at once share the work."""
    file = locked(file_id)
    if file is None or file.state != FileState.APPLYING:
        return 0
    file.worked_at = clock.now()
    rows = queries.next_rows(file.id, most=ORDERS_AT_ONCE)
    if not rows:
        finish(file)
        return 0
    lines = [Told(row.row, row.order_number, row.barcode, row.status, row.at) for row in rows]
    for row, judgement in zip(rows, service.write_down(lines, file.carrier, by_id=file.applied_by_id), strict=True):
        row.is_done = True
        if judgement.verdict not in APPLIES:  # things have changed since somebody looked
            row.verdict, row.problem, row.problem_values = judgement.verdict, judgement.message, dict(judgement.values)
    return len(rows)


def finish(file: ReturnFile) -> None:
    """Everything has been done; the content is not needed any more."""
    db.session.flush()
    file.state, file.applied_at, file.content = FileState.APPLIED, clock.now(), None
    file.counts = queries.count_rows(file.id)


def discard(file: ReturnFile, *, by: User) -> ReturnFile:
    """Do not use a file; nothing has changed by it."""
    lock_for(file, FileState.REFUSED)
    turn_down(file, N_("Dit bestand is weggelegd. Er is niets veranderd."))
    audit.note("carrier file discarded", f"return file {file.id}", user_id=by.id)
    return file


def forget_old(now: datetime) -> dict[str, int]:
    """Wipe what has passed its term (PRIV-05): contents after 7 days, rows after 90; how many of each. For the purge, safe to repeat."""
    old = (ReturnFile.uploaded_at < now - rules.CONTENT_LIFE, ReturnFile.content.is_not(None), ReturnFile.state != FileState.APPLYING)
    files = list(db.session.scalars(select(ReturnFile).where(*old).order_by(ReturnFile.id).with_for_update()))
    for file in files:
        if file.state == FileState.REFUSED:
            file.content = None
        else:
            turn_down(file, N_("Dit bestand lag hier langer dan 7 dagen. Upload het opnieuw."))
    db.session.flush()
    ancient = select(ReturnFile.id).where(ReturnFile.uploaded_at < now - rules.ROWS_LIFE, ReturnFile.state.in_(rules.DEALT_WITH))
    rows = db.session.scalar(select(func.count()).select_from(ReturnRow).where(ReturnRow.file_id.in_(ancient))) or 0
    db.session.execute(delete(ReturnRow).where(ReturnRow.file_id.in_(ancient)))
    return {"files": len(files), "rows": rows}
