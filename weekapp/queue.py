"""The queue: names of all tasks, the Celery set-up that web, worker and beat share, and `nudge()`.

The row is the job, the message only wakes the worker: a message that is lost, doubled or late changes nothing but the moment,
since `fulfilment.sweep` finds what was left behind.
"""

from enum import StrEnum

import structlog
from celery import Celery
from kombu.entity import Queue
from kombu.exceptions import OperationalError

from weekapp.config import Settings
from weekapp.db import after_commit

log = structlog.get_logger()


class Task(StrEnum):
    """Fixed names: a message in the queue outlives a deployment that moves a function."""

    BUILD_BATCH = "fulfilment.build_batch"
    CUT_OFF = "fulfilment.cut_off"
    SEND_MAIL = "fulfilment.send_mail"
    TELL_SHIPPED = "fulfilment.tell_shipped"
    PARSE_RETURN_FILE = "fulfilment.parse_return_file"
    APPLY_RETURN_FILE = "fulfilment.apply_return_file"
    TELL_LATE = "fulfilment.tell_late"
    WRITE_ENTRIES = "fulfilment.write_entries"
    SIGNUPS_TICK = "fulfilment.signups_tick"
    ASK_STILL_ON = "fulfilment.ask_still_on"
    PURGE = "fulfilment.purge"
    SWEEP = "fulfilment.sweep"


INTERACTIVE, BULK = "interactive", "bulk"
QUEUE_OF = {
    Task.BUILD_BATCH: BULK,
    Task.TELL_SHIPPED: BULK,
    Task.PARSE_RETURN_FILE: BULK,
    Task.APPLY_RETURN_FILE: BULK,
    Task.TELL_LATE: BULK,
    Task.WRITE_ENTRIES: BULK,
    Task.ASK_STILL_ON: BULK,
    Task.PURGE: BULK,
}

celery = Celery("weekapp", set_as_current=True)


def set_up_queue(settings: Settings) -> Celery:
    """Point the queue at its broker. There is no result backend: progress and results are rows."""
    celery.conf.update(
        broker_url=settings.broker_url,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "max_retries": 1,
            "interval_start": 0,
            "socket_connect_timeout": 1,
            "socket_timeout": 5,  # a broker that hangs must not hang who presses a button; the worker's own waiting is 1 second
            "visibility_timeout": 2 * settings.task_time_limit,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "global_keyprefix": "weekapp:",
        },
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=False,
        task_time_limit=settings.task_time_limit,
        task_soft_time_limit=settings.task_time_limit - 30,
        task_queues=[Queue(name) for name in (INTERACTIVE, BULK)],  # type: ignore[no-untyped-call] # a worker without -Q takes from both
        task_default_queue=INTERACTIVE,
        task_routes={str(task): {"queue": queue} for task, queue in QUEUE_OF.items()},
        task_serializer="json",
        accept_content=["json"],
        timezone="Europe/Amsterdam",
        enable_utc=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        redbeat_redis_url=settings.redis_url,
        redbeat_key_prefix="weekapp:redbeat:",
        redbeat_lock_timeout=60,
    )
    return celery


def nudge(task: Task, *ids: int) -> None:
    """Wake the worker after commit. A lost message is found again by sweep."""
    after_commit(lambda: send_quietly(task, ids))


def send_quietly(task: Task, ids: tuple[int, ...]) -> None:
    """Send a message; a broker that is away costs the person in front of the screen nothing."""
    try:
        celery.send_task(str(task), args=ids, retry=False)
    except OperationalError:
        log.warning("broker does not answer, sweep will find it", kind=str(task), ids=ids)


def is_reachable() -> bool:
    """Whether the broker answers within a second."""
    try:
        with celery.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except OperationalError:
        return False
    return True
