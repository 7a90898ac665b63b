"""Entry of worker and beat: `celery -A fulfilment.celery_app worker` and `... beat`."""

import logging
from typing import Any

import structlog
from celery import Task
from celery.signals import setup_logging, task_failure, worker_process_init, worker_ready

from fulfilment.schedule import set_up_schedule
from weekapp.batches.profiles import profile
from weekapp.config import Settings
from weekapp.core import create_core
from weekapp.db import db
from weekapp.queue import celery


class TaskWithApp(Task):
    """Runs with the settings and the database of the application, and leaves no session behind."""

    def __call__(self, *args: Any, **arguments: Any) -> Any:
        with flask_app.app_context():
            return self.run(*args, **arguments)


log = structlog.get_logger()


@setup_logging.connect
def keep_our_logs(**_more: object) -> None:
    """Celery leaves logging alone; its report of a failed task would quote what stands in the database (PRIV-10)."""
    logging.getLogger("celery.app.trace").disabled = True


@task_failure.connect
def log_failure(sender: Task, exception: BaseException, **_more: object) -> None:
    """A task that failed is a bug or a database that is away; `sweep` brings its row back."""
    log.error("task failed", task=sender.name, exc_info=exception)


@worker_ready.connect
def log_start(**_more: object) -> None:
    """So that who watches the logs sees that work is done."""
    log.info("worker ready")


@worker_process_init.connect
def forget_connections(**_more: object) -> None:
    """A connection must not be shared by parent and child process."""
    with flask_app.app_context():
        db.engine.dispose(close=False)


flask_app = create_core(Settings.from_environment())
profile(flask_app.config["SETTINGS"].carrier_profile)  # a typing mistake stops the start, not the batch
celery.Task = TaskWithApp
set_up_schedule(celery)
celery.autodiscover_tasks(["fulfilment"], force=True)
