"""The way of an order from click to doorstep, as its page shows it."""

from datetime import UTC, datetime

from weekapp.desk.order_track import milestones
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.queries import Step
from weekapp.orders.rules import State


def day(number: int) -> datetime:
    return datetime(2027, 9, number, 10, tzinfo=UTC)


def way(now: State, *steps: tuple[State, str]) -> dict[str, tuple[datetime | None, bool]]:
    """Stages of an order with these steps, one on each day from the first of the month."""
    events = [OrderEvent(state=state, note=note, at=day(number)) for number, (state, note) in enumerate(steps, 1)]
    stages = milestones(Order(state=now, created_at=day(1)), [Step(event, "") for event in events])
    return {stage.words: (stage.at, stage.is_done) for stage in stages}


def test_what_happens_on_the_way_does_not_change_when_it_left() -> None:
    found = way(
        State.SHIPPED,
        (State.RECEIVED, ""),
        (State.APPROVED, ""),
        (State.BATCHED, ""),
        (State.SHIPPED, ""),
        (State.SHIPPED, "Een zending is kwijt."),
    )
    assert found["onderweg"] == (day(4), True)
    assert found["bezorgd"] == (None, False)


def test_what_was_undone_counts_from_the_second_time() -> None:
    found = way(State.BATCHED, (State.APPROVED, ""), (State.BATCHED, ""), (State.APPROVED, "Uit de batch gehaald."), (State.BATCHED, ""))
    assert found["in een batch"] == (day(4), True)


def test_of_a_cancelled_order_nothing_is_still_to_come() -> None:
    found = way(State.CANCELLED, (State.RECEIVED, ""), (State.APPROVED, ""), (State.CANCELLED, ""))
    assert found == {"besteld": (day(1), True), "geannuleerd": (day(3), True)}
