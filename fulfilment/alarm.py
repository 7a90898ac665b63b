"""Telling staff that mails were parked: who waits for one will not ask us why it does not come."""

from datetime import datetime

from weekapp import clock
from weekapp.batches.queries import logistics_staff
from weekapp.core import settings
from weekapp.mail import queries
from weekapp.mail.service import queue_mail

TEMPLATE = "mails_parked"


def tell_parked(now: datetime) -> int:
    """Promise a mail to logistics about mails that were parked in the last day, at most one each day; how many people were told."""
    parked = queries.parked_since(now - queries.ALARM_WINDOW, besides=TEMPLATE)
    if not parked:
        return 0
    day = clock.local(now).date().isoformat()
    told = [
        queue_mail(
            f"mails-parked-{day}-{person.id}",
            TEMPLATE,
            person.email,
            count=str(len(parked)),
            problem=parked[-1],
            link=f"{settings().base_url}/logistiek",
        )
        for person in logistics_staff()
    ]
    return len([mail for mail in told if mail is not None])
