"""What has to happen to sign-ups as time passes: what the worker's task calls each minute."""

from weekapp import clock
from weekapp.db import transaction
from weekapp.signups import service


def tick() -> str:
    """Give up what was kept too long, tell changes, remind for tomorrow. Opens its own transactions; late or twice does no harm."""
    now = clock.now()
    done = {}
    for job in (service.expire, service.tell_changes, service.remind, service.refresh_public):
        with transaction():
            done[job.__name__] = job(now)
    return ", ".join(f"{many} {name}" for name, many in done.items())
