"""Statuses only go forward, orders follow their parcels, and every row gets one verdict."""

from itertools import pairwise, permutations, product

import pytest

from weekapp.orders import rules as orders
from weekapp.shipments import tracking
from weekapp.shipments.rules import (
    CARRIER_WORDS,
    FILE_WORDS,
    STATUS_NOTES,
    STATUS_WORDS,
    VERDICT_WORDS,
    Carrier,
    FileState,
    KnownOrder,
    KnownParcel,
    Status,
    Told,
    Verdict,
    clean_barcode,
    judge,
    meaning_of,
    moves_forward,
    order_state,
    spread,
    steps,
)

State = orders.State
PACKED = KnownOrder(1, State.SHIPPED, is_packed=True)


def verdicts(*lines: Told, known: dict[str, KnownParcel] | None = None, **of_orders: KnownOrder) -> list[Verdict]:
    numbers = {name.replace("_", "-"): order for name, order in of_orders.items()} or {"KE27-00001": PACKED}
    return [judgement.verdict for judgement in judge(lines, numbers, known or {})]


def line(barcode: str = "3SABCD1", status: Status | None = Status.SHIPPED, reference: str = "KE27-00001", row: int = 2) -> Told:
    return Told(row, reference, barcode, status)


def test_everything_has_a_word() -> None:
    for kinds, words in (
        (Status, STATUS_WORDS),
        (Status, STATUS_NOTES),
        (FileState, FILE_WORDS),
        (Verdict, VERDICT_WORDS),
        (Carrier, CARRIER_WORDS),
    ):
        assert set(kinds) == set(words)


def test_news_in_any_order_ends_the_same() -> None:
    for news in permutations([Status.SHIPPED, Status.DELIVERED, Status.LOST, Status.RETURNED]):
        now = Status.ANNOUNCED
        for then in news:
            now = then if moves_forward(now, then) else now
        assert now == Status.RETURNED


def test_no_status_is_news_twice() -> None:
    assert not any(moves_forward(status, status) for status in Status)


@pytest.mark.parametrize(
    ("now", "statuses", "then"),
    [
        (State.BATCHED, [Status.ANNOUNCED], State.BATCHED),
        (State.BATCHED, [], State.BATCHED),
        (State.BATCHED, [Status.SHIPPED], State.SHIPPED),
        (State.BATCHED, [Status.LOST], State.SHIPPED),
        (State.SHIPPED, [Status.DELIVERED, Status.SHIPPED], State.SHIPPED),
        (State.SHIPPED, [Status.DELIVERED, Status.ANNOUNCED], State.SHIPPED),
        (State.SHIPPED, [Status.DELIVERED, Status.DELIVERED], State.DELIVERED),
        (State.SHIPPED, [Status.RETURNED], State.RETURNED),
        (State.SHIPPED, [Status.RETURNED, Status.DELIVERED], State.SHIPPED),
        (State.SHIPPED, [Status.LOST], State.SHIPPED),
        (State.DELIVERED, [Status.DELIVERED, Status.DAMAGED], State.DELIVERED),
        (State.RETURNED, [Status.ANNOUNCED], State.RETURNED),
        (State.RETURNED, [Status.SHIPPED], State.SHIPPED),
        (State.DELIVERED, [Status.SHIPPED], State.SHIPPED),
    ],
)
def test_an_order_follows_its_parcels(now: State, statuses: list[Status], then: State) -> None:
    assert order_state(now, statuses) == then


def test_every_step_of_an_order_is_allowed() -> None:
    for now, statuses in product(orders.IN_BATCH, product(Status, repeat=2)):
        then = order_state(now, statuses)
        passed = [now, *steps(now, then)]
        assert passed[-1] == then
        assert all(orders.can_become(a, b) for a, b in pairwise(passed))


def test_packages_are_spread_over_parcels() -> None:
    assert [spread(3, 1), spread(3, 2), spread(3, 3), spread(1, 2)] == [[3], [2, 1], [1, 1, 1], [1, 0]]


def test_a_new_barcode_is_a_new_parcel() -> None:
    assert verdicts(line()) == [Verdict.MATCHED]


def test_two_barcodes_are_two_parcels() -> None:
    assert verdicts(line("3SABCD1"), line("3SABCD2", row=3)) == [Verdict.MATCHED, Verdict.MATCHED]


def test_a_known_parcel_moves_forward_or_does_nothing() -> None:
    known = {"3SABCD1": KnownParcel(1, Status.SHIPPED)}
    assert verdicts(line(status=Status.DELIVERED), known=known) == [Verdict.CHANGED]
    assert verdicts(line(status=Status.SHIPPED), known=known) == [Verdict.UNCHANGED]
    assert verdicts(line(status=Status.ANNOUNCED), known=known) == [Verdict.UNCHANGED]


def test_somebody_elses_order_is_unknown() -> None:
    assert (
        verdicts(line(reference="WEB-1", status=None), line(reference="KE27-99999"), line(reference="", status=None))
        == [Verdict.UNKNOWN] * 3
    )


def test_of_several_rows_about_a_parcel_the_furthest_counts() -> None:
    rows = line(status=Status.SHIPPED), line(status=Status.DELIVERED, row=3), line(status=Status.DELIVERED, row=4)
    assert verdicts(*rows) == [Verdict.DOUBLE, Verdict.MATCHED, Verdict.DOUBLE]


def test_one_barcode_for_two_orders_is_used_for_neither() -> None:
    both = {"KE27_00001": PACKED, "KE27_00002": KnownOrder(2, State.SHIPPED, is_packed=True)}
    assert verdicts(line(), line(reference="KE27-00002", row=3), **both) == [Verdict.DOUBLE, Verdict.DOUBLE]


def test_a_barcode_of_another_order_is_double() -> None:
    assert verdicts(line(), known={"3SABCD1": KnownParcel(2, Status.SHIPPED)}) == [Verdict.DOUBLE]


@pytest.mark.parametrize("state", sorted(set(State) - orders.IN_BATCH))
def test_an_order_that_is_not_packed_has_no_parcels(state: State) -> None:
    assert verdicts(line(), KE27_00001=KnownOrder(1, state, is_packed=False)) == [Verdict.WRONG]


def test_an_order_whose_batch_is_being_made_has_no_parcels() -> None:
    assert verdicts(line(), KE27_00001=KnownOrder(1, State.BATCHED, is_packed=False)) == [Verdict.WRONG]


def test_words_of_carriers() -> None:
    assert meaning_of(" Out for  Delivery ", {}) == Status.SHIPPED
    assert meaning_of("bezorgd", {"bezorgd": Status.RETURNED}) == Status.RETURNED
    assert meaning_of("J05", {}) is None


def test_barcodes_lose_what_a_scanner_or_a_hand_adds() -> None:
    assert [clean_barcode(text) for text in (" 3sabcd 123\n", "=3SABCD1", "", "ABC")] == ["3SABCD123", None, None, None]


@pytest.mark.parametrize(
    ("carrier", "link"),
    [
        (Carrier.POSTNL, "https://jouw.postnl.nl/track-and-trace/3SABCD1-NL-3511LX"),
        (Carrier.DHL, "https://my.dhlecommerce.nl/home/tracktrace/3SABCD1/3511LX?lang=nl_NL"),
        (Carrier.DPD, "https://tracking.dpd.de/status/nl_NL/parcel/3SABCD1"),
        (Carrier.OTHER, ""),
    ],
)
def test_tracking_links_of_log_06(carrier: Carrier, link: str) -> None:
    assert tracking.link(carrier, "3SABCD1", "3511 LX") == link
    assert tracking.link(carrier, "", "3511 LX") == ""
