"""What beat starts and when. All jobs look at rows, so an extra or a missed beat changes nothing but the moment."""

from celery import Celery
from celery.schedules import crontab

from weekapp.queue import Task

MINUTE = 60.0  # seconds


def set_up_schedule(celery: Celery) -> None:
    """Jobs of each minute and of each hour, by a scheduler that keeps one beat at work when several are started.

    The cut-off is asked for each minute and not at its own time: the job itself knows the time on Dutch clocks, on both sides of a clock
    change, and a beat that was away at half past five does it when it is back.
    """
    every_minute = {"schedule": MINUTE, "options": {"expires": MINUTE}}
    celery.conf.beat_schedule = {
        "cut-off": {"task": str(Task.CUT_OFF), **every_minute},
        "sign-ups": {"task": str(Task.SIGNUPS_TICK), **every_minute},
        "calendar entries": {"task": str(Task.WRITE_ENTRIES), **every_minute},
        "sweep": {"task": str(Task.SWEEP), **every_minute},
        "late": {"task": str(Task.TELL_LATE), "schedule": crontab(minute="0", hour="9-17"), "options": {"expires": 60 * MINUTE}},
        "still on": {"task": str(Task.ASK_STILL_ON), "schedule": crontab(minute="20", hour="9-17"), "options": {"expires": 60 * MINUTE}},
        "purge": {"task": str(Task.PURGE), "schedule": crontab(minute="40"), "options": {"expires": 30 * MINUTE}},
    }
    celery.conf.result_expires = None  # there are no results to clean up: without this beat adds a job of its own
    celery.conf.beat_scheduler = "redbeat.RedBeatScheduler"
    celery.conf.beat_max_loop_interval = 10  # seconds; well below redbeat_lock_timeout, which it renews
