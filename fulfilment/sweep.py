"""Finds what was left behind when a message, a worker or the broker was lost. Doing it too often does no harm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from fulfilment.alarm import tell_parked
from weekapp.batches import queries as batches
from weekapp.db import db, transaction
from weekapp.mail import queries as mails
from weekapp.orders import queries as orders
from weekapp.orders import service as ordering
from weekapp.queue import Task, nudge
from weekapp.shipments import queries as shipments
from weekapp.shipments import telling

log = structlog.get_logger()
MAILS = 500  # at a time; the next minute brings more


@dataclass(frozen=True)
class Left:
    """What waits for a worker (ids), and how many orders were helped on at once."""

    batches: list[int]
    untold: list[int]  # batches that left a while ago, of which not every initiator knows
    mails: list[int]
    orders: int
    files: list[tuple[Task, int]]  # of carriers, each with what is to be done with it

    def __bool__(self) -> bool:
        return bool(self.jobs or self.orders)

    @property
    def jobs(self) -> list[tuple[Task, int]]:
        """Everything for a worker, in the order in which it is best done."""
        kinds = ((Task.BUILD_BATCH, self.batches), (Task.TELL_SHIPPED, self.untold), (Task.SEND_MAIL, self.mails))
        return [*((kind, one) for kind, ids in kinds for one in ids), *self.files]


def find(now: datetime) -> Left:
    """Help orders on, free batches whose worker fell silent, and list what a worker must do. In a transaction of the caller."""
    helped = ordering.approve_left_behind()
    for package in orders.packages_with_waiting_orders():
        helped += len(ordering.serve_waiting(package))
    silent = batches.left_behind(now)
    for batch in silent:
        batch.worked_at = None
    db.session.flush()
    left = Left([batch.id for batch in silent], telling.with_untold(now), mails.due(now, MAILS), helped, shipments.left_behind(now))
    if left:
        log.info("sweep found work", ids=left.batches + left.untold, mails=len(left.mails), orders=left.orders, count=len(left.jobs))
    return left


def wake_workers(now: datetime) -> Left:
    """Send the messages again that seem to be lost."""
    with transaction():
        tell_parked(now)
        left = find(now)
        for kind, one in left.jobs:
            nudge(kind, one)
    return left


def do_it_here(now: datetime, work: dict[Task, Callable[[int], object]]) -> Left:
    """Do the work in this process, for an installation whose broker or workers are away."""
    with transaction():
        left = find(now)
    for kind, one in left.jobs:
        work[kind](one)
    return left
