"""What carriers push: signed, fresh, well formed, and done once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from tests.shipments.making import packed_order, parcels_of
from weekapp import clock
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.shipments import hook
from weekapp.shipments.models import Parcel

SECRET = "een geheim van meer dan 32 tekens lang"
NOW = datetime(2027, 9, 10, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def open_hook(app, at, monkeypatch):
    at(NOW)
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], webhook_secret=SECRET))


def push(client, content: object, *, carrier: str = "postnl", secret: str = SECRET, sent: datetime = NOW, body: bytes | None = None):
    """A message as a carrier sends it."""
    body = json.dumps(content).encode() if body is None else body
    timestamp = str(int(sent.timestamp()))
    headers = {hook.TIMESTAMP: timestamp, hook.SIGNATURE: hook.signature_of(secret, timestamp, body)}
    return client.post(f"/logistiek/haken/{carrier}", data=body, headers=headers, content_type="application/json")


def item(reference: str, **more: object) -> dict[str, object]:
    return {"reference": reference, "barcode": "3SABCD1", "status": "delivered", "at": "2027-09-10T09:00:00Z"} | more


def packed() -> tuple[int, str]:
    with transaction():
        order = packed_order()
        return order.id, order.number


def parcel_count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Parcel))


def test_a_signed_message_moves_the_order(client):
    order_id, number = packed()
    answer = push(client, [item(number)])
    assert (answer.status_code, answer.json) == (200, {"results": [{"line": 1, "result": "matched", "detail": ""}]})
    db.session.rollback()
    order = db.session.get_one(Order, order_id)
    assert order.state == State.DELIVERED
    assert parcels_of(order)[0].status_at == datetime(2027, 9, 10, 9, tzinfo=UTC)


def test_sent_again_it_changes_nothing(client):
    _, number = packed()
    message = [item(number, status="shipped")]
    push(client, message)
    answer = push(client, message)
    assert answer.json["results"][0]["result"] == "unchanged"
    assert parcel_count() == 1
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


def test_without_a_secret_there_is_no_such_page(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], webhook_secret=""))
    assert push(client, [], secret="").status_code == 404


def test_a_carrier_that_we_do_not_know(client):
    assert push(client, [], carrier="onbekend").status_code == 404


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_message_is_a_replay(client, minutes):
    _, number = packed()
    answer = push(client, [item(number)], sent=datetime(2027, 9, 10, 10 if minutes > 0 else 9, minutes % 60, tzinfo=UTC))
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert parcel_count() == 0


def test_a_wrong_signature_is_refused(client):
    _, number = packed()
    assert push(client, [item(number)], secret="een ander geheim van meer dan 32 tekens").status_code == 401
    assert parcel_count() == 0


def test_a_changed_body_or_timestamp_is_refused(client):
    _, number = packed()
    body, timestamp = json.dumps([item(number)]).encode(), str(int(NOW.timestamp()))
    signature = hook.signature_of(SECRET, timestamp, body)
    for sent, stamp in ((body + b" ", timestamp), (body, str(int(timestamp) + 1)), (body, ""), (body, "²"), (body, "-5")):
        headers = {hook.TIMESTAMP: stamp.encode().decode("latin-1"), hook.SIGNATURE: signature}
        assert client.post("/logistiek/haken/postnl", data=sent, headers=headers).status_code == 401


def test_an_unsigned_message_is_refused(client):
    assert client.post("/logistiek/haken/postnl", json=[]).status_code == 401


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_done(client):
    _, number = packed()
    wrong = [
        item(number),
        item("WEB-1", barcode="=1+1", status="weg", at="gisteren"),
        "geen object",
        item(number, at="2027-09-10T09:00:00"),
        item(number, at="2028-01-01T00:00:00Z", barcode=5),
    ]
    answer = push(client, wrong)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert [error["field"] for error in answer.json["errors"]] == [
        "2.reference",
        "2.barcode",
        "2.status",
        "2.at",
        "3",
        "4.at",
        "5.barcode",
        "5.at",
    ]
    assert parcel_count() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[]", b"null", b"[" * 100_000, b"\xff"])
def test_what_is_no_list_is_refused(client, body):
    assert push(client, None, body=body).status_code == 400


def test_more_than_200_at_once_are_refused(client):
    assert push(client, [item("KE27-00001")] * 201).status_code == 400


def test_a_huge_message_is_refused_unread(client):
    assert push(client, None, body=b"[" + b" " * hook.MOST_BYTES + b"]").status_code == 413


def test_an_unknown_order_does_not_keep_the_others_from_being_done(client):
    _, number = packed()
    answer = push(client, [item("KE27-99999", barcode="3SOTHER1"), item(number)])
    assert [line["result"] for line in answer.json["results"]] == ["unknown", "matched"]
    assert answer.json["results"][0]["detail"] == "Dit bestelnummer kennen we niet."
    assert parcel_count() == 1


def test_the_clock_of_the_message_is_that_of_the_site():
    assert hook.moment_in("2027-09-10T10:04:00Z", NOW) is not None
    assert hook.moment_in("2027-09-10T10:06:00Z", NOW) is None
    assert clock.now() == NOW


def test_one_message_delivered_many_times_at_once_is_done_once(app):
    _, number = packed()
    message = [item(number, status="shipped"), item(number, barcode="3SABCD2", status="returned")]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: push(app.test_client(), message), range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert sorted(line["result"] for answer in answers for line in answer.json["results"]) == ["matched"] * 2 + ["unchanged"] * 10
    assert parcel_count() == 2
    assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 1
