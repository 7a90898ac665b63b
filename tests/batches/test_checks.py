"""The check on stored orders: doubles are found, and found by an index."""

from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.fulfilment.filling import approved_orders, orders_now
from weekapp.db import db, transaction
from weekapp.orders import queries
from weekapp.orders.rules import State


def one_door() -> list[int]:
    """Three orders, of which the first two go to one doorstep."""
    approved_orders(3)
    with transaction():
        first, second, _third = orders_now()
        second.place_key, second.branch_key = first.place_key, "zuid"
    return [order.id for order in orders_now()]


def test_orders_for_one_doorstep_know_each_other(app: Flask) -> None:
    ids = one_door()
    numbers = [order.number for order in orders_now()]
    assert queries.at_same_door(ids) == {ids[0]: [numbers[1]], ids[1]: [numbers[0]]}


def test_an_order_that_has_left_is_no_double(app: Flask) -> None:
    ids = one_door()
    with transaction():
        gone = orders_now()[1]
        gone.state, gone.batch_id = State.SHIPPED, 1
    assert queries.at_same_door([ids[0]]) == {}


def test_doubles_are_found_by_the_index_and_not_by_reading_all_orders(app: Flask) -> None:
    """On SQLite the cost of a batch of 25,000 grew with the square of its orders until the condition of the index stood in the question."""
    ids = one_door()
    if db.engine.dialect.name != "sqlite":
        return
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", listen)
    queries.at_same_door(ids)
    event.remove(db.engine, "before_cursor_execute", listen)
    statement, values = asked[-1]
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = [row[3] for row in plan]
    assert any("uq_order_place (edition_id=? AND place_key=?)" in step for step in steps), steps
