"""The end of the term of addresses: what logistics needed goes, what can be counted stays (PRIV-05)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, Delete, String, Update, cast, delete, func, literal, select, update

from weekapp.batches.models import Artefact, Batch, BatchLine
from weekapp.db import db
from weekapp.orders.models import Order

NO_ONE = {"recipient": "", "attention": "", "street": "", "house_number": 0, "letter": "", "addition": ""}


def wipe_addresses(edition_ids: Sequence[int], now: datetime) -> int:
    """Wipe the addresses of these editions in orders, batches and files; how many orders. In a transaction of the caller.

    Of a postcode its four digits stay, for the figures per region.
    """
    kept = (Batch.edition_id.in_(edition_ids), Batch.wiped_at.is_(None))
    batches = select(Batch.id).where(*kept).scalar_subquery()
    changed(delete(Artefact).where(Artefact.batch_id.in_(batches)))
    region = func.substr(BatchLine.postcode, 1, 4)
    changed(update(BatchLine).where(BatchLine.batch_id.in_(batches)).values(**NO_ONE, postcode=region, email="", phone=""))
    changed(update(Batch).where(*kept).values(wiped_at=now))
    addressed = (Order.edition_id.in_(edition_ids), Order.house_number != 0)
    no_place = literal("gone-") + cast(Order.id, String)  # still unique: rule 3 holds for wiped orders too
    return changed(update(Order).where(*addressed).values(**NO_ONE, place_key=no_place, postcode=func.substr(Order.postcode, 1, 4)))


def changed(statement: Update | Delete) -> int:
    """Run it, how many rows it changed. Rows in memory are not brought in step: nothing else happens in this transaction."""
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult), "an UPDATE counts its rows"
    return result.rowcount
