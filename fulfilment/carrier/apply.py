"""Files of carriers in the worker: read one, and do what it says. Each function opens its own transactions and can be repeated."""

import structlog

from fulfilment.carrier.parse import Outcome, parse
from weekapp import clock
from weekapp.db import transaction
from weekapp.shipments import files

log = structlog.get_logger()


def parse_file(file_id: int) -> str:
    """Read a file that was uploaded: "parsed", "unclear" (staff are asked), "refused", or "skipped" when there was nothing to do."""
    with transaction():
        work = files.take(file_id)
    if work is None:
        return "skipped"
    outcome = parse(work.content, work.columns, clock.today())
    with transaction():
        answer = keep(file_id, outcome)
    log.info("carrier file read", id=file_id, state=answer, rows=len(outcome.lines), count=len(outcome.problems))
    return answer


def keep(file_id: int, outcome: Outcome) -> str:
    """Write down what was read, in the running transaction."""
    if outcome.problems:
        return files.refuse(file_id, outcome.header, outcome.problems)
    if not outcome.lines:
        return files.ask(file_id, outcome.header, outcome.unknown_words, outcome.question, outcome.question_values)
    return files.show(file_id, outcome.lines, delimiter=outcome.delimiter, encoding=outcome.encoding)


def apply_file(file_id: int) -> str:
    """Do what a file says, some orders at a time, so that the site stays quick; what a killed worker left is done by the next one."""
    rows = 0
    while True:
        with transaction():
            done = files.apply_some(file_id)
        if not done:
            break
        rows += done
    log.info("carrier file applied", id=file_id, rows=rows)
    return "applied" if rows else "skipped"
