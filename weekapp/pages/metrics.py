"""Figures for whoever watches the system, in the text form of Prometheus: counts only, no names and no addresses."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from weekapp.activities.models import Activity
from weekapp.batches.models import Batch
from weekapp.cache import public_version, room_taken
from weekapp.db import db
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order

registry = CollectorRegistry()
ProcessCollector(registry=registry)
requests = Counter("weekapp_requests", "Answers of this process", ["endpoint", "status"], registry=registry)
seconds = Histogram("weekapp_request_seconds", "Time to an answer", ["endpoint"], buckets=(0.005, 0.02, 0.1, 0.5, 2.0), registry=registry)
COUNTED = {"activities": Activity.state, "orders": Order.state, "batches": Batch.state, "mails": OutgoingMail.state}


class Rows(Collector):
    """How many rows there are in each state, counted when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family for each table, and how the store of public answers is doing."""
        for name, state in COUNTED.items():
            family = GaugeMetricFamily(f"weekapp_{name}", f"Number of {name} by state", labels=["state"])
            for value, many in db.session.execute(select(state, func.count()).group_by(state)):
                family.add_metric([str(value)], many)
            yield family
        yield GaugeMetricFamily("weekapp_public_version", "Grows with each public change", value=public_version())
        yield GaugeMetricFamily("weekapp_stored_answers_bytes", "Memory taken by stored public answers", value=room_taken())

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand: registering must not ask the database."""
        return []


registry.register(Rows())


def exposition() -> bytes:
    """All figures of this process and of the database."""
    return generate_latest(registry)
