"""Bringing one mail out, from the row to the mail server: what the worker's task calls."""

from weekapp.core import settings
from weekapp.db import transaction
from weekapp.mail import service, transport


def deliver(mail_id: int) -> str:
    """Send one mail: "sent", "later", "parked", or "skipped" when there was nothing to do. Opens its own transactions."""
    with transaction():
        letter = service.take(mail_id)
    if letter is None:
        return "skipped"
    problem = transport.send(letter.message, letter.file_name, settings())
    with transaction():
        return service.settle(mail_id, problem)
