"""Step 1 of a batch: take it in hand, claim its orders, freeze their lines. Each in a transaction of its own."""

import secrets

import structlog
from sqlalchemy import insert

from weekapp import clock
from weekapp.batches import checks, queries, rules, service
from weekapp.batches.lines import frozen
from weekapp.batches.models import Batch, BatchLine
from weekapp.batches.profiles import profile
from weekapp.batches.rules import State
from weekapp.db import db, lock
from weekapp.errors import N_
from weekapp.orders import packing

log = structlog.get_logger()

CHUNK = 500  # orders in one transaction
WANTED = frozenset({State.REQUESTED, State.CLAIMED})


def take_in_hand(batch_id: int) -> str:
    """The token of this worker when it is to make the batch: it is wanted, and no other worker has shown life lately; else ''.

    Counts the attempts, and gives up after too many.
    """
    batch = db.session.get(Batch, batch_id)
    if batch is None or lock(batch).state not in WANTED or not rules.is_silent(batch.worked_at, clock.now()):
        return ""
    if batch.attempts >= rules.MOST_ATTEMPTS:
        log.error("batch given up", batch_id=batch.id, attempts=batch.attempts)
        service.fail(batch, N_("Het maken van de batch is te vaak niet gelukt. Vraag de beheerder om in de logs te kijken."))
        return ""
    batch.attempts += 1
    batch.worked_at, batch.worker_token = clock.now(), secrets.token_hex(8)
    return batch.worker_token


def mine(batch_id: int, token: str) -> Batch | None:
    """The locked batch, if it is still to be made and still in the hands of this worker; shows life."""
    batch = lock(db.session.get_one(Batch, batch_id))
    if batch.state not in WANTED or batch.worker_token != token:
        return None
    batch.worked_at = clock.now()
    return batch


def claim_some(batch_id: int, token: str, *, most: int = CHUNK) -> bool:
    """Put the next orders that are ready in the batch and freeze them; whether there may be more.

    A few at a time, since on SQLite nobody else writes meanwhile. When there are no more the batch is claimed; empty it is closed.
    """
    batch = mine(batch_id, token)
    if batch is None or batch.state != State.REQUESTED:
        return False
    chosen, now = profile(batch.profile), clock.now()
    orders, is_more = packing.claim(
        batch.edition_id, batch.id, now, most=most, problems_of=lambda some: checks.hold(some, batch.id, chosen)
    )
    position = queries.last_position(batch.id)
    lines = [frozen(order) | {"batch_id": batch.id, "order_id": order.id, "position": position + n} for n, order in enumerate(orders, 1)]
    if lines:
        db.session.execute(insert(BatchLine), lines)
    batch.order_count += len(orders)
    batch.package_count += sum(order.quantity for order in orders)
    if not is_more:
        service.bundle(batch)
        batch.claimed_at, batch.state = now, State.CLAIMED if batch.order_count else State.CLOSED
        batch.closed_at = None if batch.order_count else now
        log.info("batch claimed", batch_id=batch.id, orders=batch.order_count)
    return is_more
