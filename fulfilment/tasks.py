"""All background jobs. Each gets ids only, looks at the row, and answers what happened; doing one twice does no harm."""

from celery import shared_task

from fulfilment import build
from fulfilment import sweep as sweeping
from fulfilment.carrier import apply
from weekapp import clock, privacy
from weekapp.activities import still_on
from weekapp.batches import service as batches
from weekapp.core import settings
from weekapp.db import transaction
from weekapp.feeds import service as calendars
from weekapp.mail import delivery
from weekapp.queue import Task
from weekapp.shipments import in_time, telling
from weekapp.signups import tick


@shared_task(name=Task.BUILD_BATCH)
def build_batch(batch_id: int) -> str:
    """Make the files of a batch."""
    return build.make(batch_id)


@shared_task(name=Task.CUT_OFF)
def cut_off() -> list[int]:
    """Ask for the batch of the last cut-off, if it has not been asked for."""
    with transaction():
        return [batch.id for batch in batches.cut_off(clock.now())]


@shared_task(name=Task.TELL_SHIPPED)
def tell_shipped(batch_id: int) -> int:
    """Promise the mails about the parcels of a batch, a few in each transaction."""
    told = 0
    while True:
        with transaction():
            some = telling.tell_some(batch_id, clock.now())
        if not some:
            return told
        told += some


@shared_task(name=Task.SEND_MAIL)
def send_mail(mail_id: int) -> str:
    """Bring one mail out."""
    return delivery.deliver(mail_id)


@shared_task(name=Task.SWEEP)
def sweep() -> bool:
    """Wake the workers for what was left behind."""
    return bool(sweeping.wake_workers(clock.now()))


@shared_task(name=Task.SIGNUPS_TICK)
def signups_tick() -> str:
    """Offer places that came free, and tell people what they must know."""
    return tick.tick()


@shared_task(name=Task.WRITE_ENTRIES)
def write_entries() -> int:
    """Write the calendar entries that are missing or old, before anybody asks for them."""
    return calendars.write_ahead(settings().base_url)


@shared_task(name=Task.PARSE_RETURN_FILE)
def parse_return_file(file_id: int) -> str:
    """Read a file of a carrier."""
    return apply.parse_file(file_id)


@shared_task(name=Task.APPLY_RETURN_FILE)
def apply_return_file(file_id: int) -> str:
    """Do what a file of a carrier says."""
    return apply.apply_file(file_id)


@shared_task(name=Task.TELL_LATE)
def tell_late() -> int:
    """Promise mails to initiators whose package will miss the activity."""
    with transaction():
        return in_time.tell_initiators(clock.now())


@shared_task(name=Task.ASK_STILL_ON)
def ask_still_on() -> str:
    """Ask initiators whether their activities take place, and mark those of which nobody answers."""
    return still_on.tick()


@shared_task(name=Task.PURGE)
def purge() -> dict[str, int]:
    """Remove personal data whose term has ended."""
    with transaction():
        return vars(privacy.purge(clock.now()))
