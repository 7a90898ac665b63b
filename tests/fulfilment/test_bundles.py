"""Several initiators whose packages go to one door: one parcel, a slip each, and what the carrier says reaches all of them."""

import csv
import io
import json

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from fulfilment import build, reconcile
from tests.builders import make_activity, make_order, make_organisation, make_package, make_user
from tests.fulfilment.filling import ask, batch_now, orders_now
from weekapp.batches import queries, service
from weekapp.batches.models import BatchLine
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import Package
from weekapp.shipments import service as shipments
from weekapp.shipments.rules import Carrier, Status, Told

TOWN_HALL = {"street": "Raadhuisplein", "house_number": 1, "postcode": "3511 LX"}


def two_to_the_town_hall_and_one_elsewhere() -> None:
    with transaction():
        package = make_package(stock=20)
        for number, place in enumerate((TOWN_HALL, TOWN_HALL, {"house_number": 9}), 1):
            initiator = make_user("initiator")
            organisation = make_organisation(f"Club {number}", name_key=f"club-{number}", member=initiator)
            activity = make_activity(initiator=initiator, organisation=organisation)
            make_order(activity=activity, package=package, state="approved", quantity=number, **place)


def built() -> int:
    two_to_the_town_hall_and_one_elsewhere()
    batch_id = ask()
    assert build.make(batch_id) == "built"
    return batch_id


def content(batch_id: int, name: str) -> bytes:
    artefact = queries.artefact(batch_id, name)
    assert artefact is not None
    return artefact.content


def hand_over(batch_id: int) -> None:
    with transaction():
        service.hand_over(batch_now(batch_id), by=make_user("logistics"))


def say(number: str, status: Status) -> None:
    with transaction():
        shipments.write_down([Told(2, number, "3SABCD0000001", status)], Carrier.POSTNL, by_id=0)


def states() -> list[State]:
    return [order.state for order in orders_now()]


def test_the_carrier_gets_one_row_and_each_initiator_a_slip(app: Flask) -> None:
    batch_id = built()
    lines = list(csv.DictReader(io.StringIO(content(batch_id, "vervoerder-generiek.csv").decode("utf-8-sig")), delimiter=";"))
    first, second, other = (order.number for order in orders_now())
    assert {line["Bestelnummer"]: line["Aantal pakketten"] for line in lines} == {first: "3", other: "3"}
    slips = [page.extract_text() for page in PdfReader(io.BytesIO(content(batch_id, "pakbonnen.pdf"))).pages]
    assert len(slips) == 3
    assert sum(f"Samen in één doos met {second}" in slip for slip in slips) == 1
    assert sum(f"Samen in één doos met {first}" in slip for slip in slips) == 1
    assert len(PdfReader(io.BytesIO(content(batch_id, "etiketten-10x15.pdf"))).pages) == 2
    assert json.loads(content(batch_id, "manifest.json"))["parcels"] == 2


def test_an_order_that_is_taken_out_before_sealing_leaves_the_others_a_parcel_of_their_own(app: Flask) -> None:
    two_to_the_town_hall_and_one_elsewhere()
    batch_id = ask()
    with transaction():
        token = build.take_in_hand(batch_id)
    with transaction():
        build.claim_some(batch_id, token)
    with transaction():
        service.take_out(orders_now()[0], by=make_user("logistics"))
    assert set(db.session.scalars(select(BatchLine.lead_number))) == {""}


@pytest.mark.parametrize(("status", "state"), [(Status.SHIPPED, State.SHIPPED), (Status.DELIVERED, State.DELIVERED)])
def test_what_the_carrier_says_of_the_parcel_holds_for_all_in_it(app: Flask, status: Status, state: State) -> None:
    batch_id = built()
    hand_over(batch_id)
    say(orders_now()[0].number, status)
    assert states() == [state, state, State.SHIPPED]
    assert reconcile.broken() == []


def test_each_initiator_gets_the_link_once(app: Flask) -> None:
    batch_id = built()
    hand_over(batch_id)
    for _ in range(2):
        say(orders_now()[0].number, Status.SHIPPED)
    recipients = list(db.session.scalars(select(OutgoingMail.recipient).where(OutgoingMail.template == "parcel_shipped")))
    initiators = [order.initiator.email for order in orders_now()]
    assert sorted(recipients) == sorted(initiators[:2])


def test_a_parcel_that_comes_back_brings_all_its_packages_back_into_stock_once(app: Flask) -> None:
    batch_id = built()
    hand_over(batch_id)
    for _ in range(2):
        say(orders_now()[0].number, Status.RETURNED)
    assert states() == [State.RETURNED, State.RETURNED, State.SHIPPED]
    assert db.session.scalars(select(Package)).one().on_hand == 20 - 3
    assert reconcile.broken() == []


def test_the_recall_list_says_what_else_is_in_the_box(app: Flask) -> None:
    batch_id = built()
    with transaction():
        service.cancel_order(db.session.get_one(Order, orders_now()[0].id), by=make_user("logistics"))
    gone = queries.recall_list(batch_id)[0]
    assert queries.numbers_in_parcel_of(batch_id, gone.order_number) == [orders_now()[1].number]
    assert reconcile.broken() == []
