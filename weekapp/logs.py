"""Logs: one constant sentence a line, facts as fields, ids only, never names or addresses (PRIV-10)."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

ALLOWED = frozenset(
    {
        "activities", "activity_id", "address_hash", "artefact", "artefacts", "attempts", "batch_id", "bytes", "count",
        "duration_ms", "edition_id", "error", "event", "endpoint", "exception", "id", "ids", "issues", "kind", "level",
        "logger", "mail_id", "mails", "method", "municipality", "order_id", "orders", "parcel_id", "problem",
        "registration_id", "request_id", "rows", "run_key", "state", "status", "task", "task_id", "template",
        "timestamp", "user_id", "version",
    }
)  # fmt: skip


def set_up_logs(*, as_json: bool) -> None:
    """Send all logs to standard error; called once per process."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_values_of_errors,
        only_allowed_fields,
    ]
    renderer: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def hide_values_of_errors(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception is logged as its type and the place in our code: its text may quote what somebody typed."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["problem"] = where(error)
    return event


def where(error: BaseException) -> str:
    """The innermost lines of the traceback, as file:line function, without any values."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " < ".join(reversed(frames[-6:]))


def only_allowed_fields(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A field that is not on the list is dropped, so that a careless line cannot leak a name."""
    return {name: value for name, value in event.items() if name in ALLOWED}
