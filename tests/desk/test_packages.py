"""Packages at /beheer/pakketten, and the outlook of the stock at /logistiek/voorraad."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.accounts.filling import send
from tests.builders import make_activity, make_edition, make_order, make_package, make_user, sign_in
from tests.pictures.drawing import archive, phone_photo, photo
from weekapp.accounts.rules import RoleName
from weekapp.db import db, transaction
from weekapp.desk import stock_outlook
from weekapp.packages import queries
from weekapp.packages.forecast import Basis, Outcome
from weekapp.packages.models import Item, Package

PACKAGES = "/beheer/pakketten"


@pytest.fixture
def desk(client):
    """A browser in which a programme manager is signed in."""
    with transaction():
        manager = make_user("manager", name="Pro Gramma")
    sign_in(client, manager)
    return client


def stored(**more):
    """The id of a package."""
    with transaction():
        return make_package(**more).id


def packages():
    db.session.expire_all()
    return queries.of_edition(make_edition().id)


def held(package):
    return {line.item.code: line.count for line in package.lines}


def count_of(code):
    return f"count_{db.session.query(Item).filter_by(code=code).one().id}"


@pytest.mark.parametrize("role", list(RoleName))
def test_only_the_manager_opens_the_pages(client, role):
    stored()
    with transaction():
        person = make_user(role)
    sign_in(client, person)
    assert client.get(PACKAGES).status_code == (200 if role == RoleName.MANAGER else 403)


def test_the_list_shows_what_is_in_and_what_the_form_offers(desk):
    stored()
    page = desk.get(PACKAGES).text
    assert "Het formulier biedt dit pakket aan: Kom Erbij-pakket, versie 1." in page
    assert "Placemats" in page


def test_another_year_has_its_own_packages(desk):
    stored()
    with transaction():
        make_edition(2026)
    assert "Er is nog geen pakket voor dit jaar." in desk.get(f"{PACKAGES}?jaar=2026").text


def test_a_year_without_edition_does_not_exist(desk):
    stored()
    assert desk.get(f"{PACKAGES}?jaar=1999").status_code == 404


def test_a_smaller_package_is_made(desk):
    stored()
    answer = send(desk, f"{PACKAGES}/nieuw", **{"name": "Klein pakket", count_of("placemats"): "20", "visitors_served": "30"})
    assert answer.status_code == 303
    smaller = packages()[1]
    assert (smaller.name, smaller.visitors_served, held(smaller)) == ("Klein pakket", 30, {"placemats": 20})


def test_an_empty_package_is_shown_again_with_the_name_that_was_typed(desk):
    stored()
    answer = send(desk, f"{PACKAGES}/nieuw", name="Klein pakket")
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text
    assert "Kies ten minste één onderdeel." in answer.text
    assert 'value="Klein pakket"' in answer.text


def test_a_name_that_is_taken_is_said_at_the_name(desk):
    stored()
    answer = send(desk, f"{PACKAGES}/nieuw", **{"name": "Kom Erbij-pakket", count_of("poster"): "1"})
    assert answer.status_code == 400
    assert "Dit jaar heeft al een pakket met deze naam." in answer.text
    assert len(packages()) == 1


@pytest.mark.parametrize("count", ["veel", "-3", "1001", "2,5", "٣"])
def test_a_count_that_cannot_be_is_refused(desk, count):
    stored()
    answer = send(desk, f"{PACKAGES}/nieuw", **{"name": "Klein pakket", count_of("poster"): count})
    assert answer.status_code == 400
    assert len(packages()) == 1


def test_a_new_version_begins_as_the_old_one(desk):
    old = stored(visitors_served=60)
    page = desk.get(f"{PACKAGES}/{old}/nieuwe-versie").text
    assert 'value="50"' in page
    assert 'value="60"' in page


def test_a_new_version_replaces_the_old_one_in_the_form(desk):
    old = stored()
    send(desk, f"{PACKAGES}/{old}/nieuwe-versie", **{count_of("placemats"): "40", count_of("poster"): "0"})
    first, second = packages()
    assert (held(first), first.is_offered) == ({"placemats": 50, "poster": 1}, False)
    assert (held(second), second.is_offered, second.version) == ({"placemats": 40}, True, 2)


def test_a_second_new_version_of_the_same_old_one_is_refused_in_words(desk):
    old = stored()
    send(desk, f"{PACKAGES}/{old}/nieuwe-versie", **{count_of("placemats"): "40"})
    answer = send(desk, f"{PACKAGES}/{old}/nieuwe-versie", **{count_of("placemats"): "30"})
    assert answer.status_code == 409
    assert "Er is al een nieuwere versie van dit pakket." in answer.text


def test_free_stock_is_taken_over_with_one_button(desk):
    old = stored(stock=80)
    send(desk, f"{PACKAGES}/{old}/nieuwe-versie", **{count_of("placemats"): "40"})
    assert "Neem 80 vrije pakketten over" in desk.get(f"{PACKAGES}/{old}").text
    send(desk, f"{PACKAGES}/{old}", action=f"{PACKAGES}/{old}/voorraad-overnemen")
    assert [package.on_hand for package in packages()] == [0, 80]
    assert "Neem " not in desk.get(f"{PACKAGES}/{old}").text


def test_a_photo_of_the_package_is_shown_to_who_orders_it_and_goes_along_to_the_next_version(desk):
    number = stored()
    sent = send(desk, f"{PACKAGES}/{number}/foto", file=(io.BytesIO(phone_photo()), "doos.jpg"), alt_text="Een doos met placemats")
    assert sent.status_code == 303
    picture = packages()[0].picture
    assert picture.path in desk.get(f"{PACKAGES}/{number}").text
    assert desk.get(picture.path).data.startswith(b"\xff\xd8")
    assert 'alt="Een doos met placemats"' in desk.get("/bestellen").text
    send(desk, f"{PACKAGES}/{number}/nieuwe-versie", **{count_of("placemats"): 40})
    assert [one.picture_id for one in packages()] == [picture.id] * 2


@pytest.mark.parametrize("sent", [b"", b"geen foto", photo() + b"<script>", photo() + archive()])
def test_what_is_no_photo_is_refused_with_a_reason_and_keeps_the_words(desk, sent):
    number = stored()
    page = send(desk, f"{PACKAGES}/{number}/foto", file=(io.BytesIO(sent), "doos.jpg"), alt_text="Een doos met placemats")
    assert page.status_code == 400
    assert "Kies een ander bestand" in page.text or "Kies een bestand" in page.text
    assert "Een doos met placemats" in page.text
    assert packages()[0].picture is None


def test_ordering_can_be_stopped_and_started(desk):
    package = stored()
    send(desk, f"{PACKAGES}/{package}", action=f"{PACKAGES}/{package}/niet-aanbieden")
    assert "Mensen kunnen nu geen pakket bestellen." in desk.get(PACKAGES).text
    send(desk, f"{PACKAGES}/{package}", action=f"{PACKAGES}/{package}/aanbieden")
    assert "Het formulier biedt dit pakket aan" in desk.get(PACKAGES).text


def test_a_new_item_has_weight_and_size(desk):
    stored()
    send(desk, f"{PACKAGES}/onderdelen", name="Vloersticker", weight_grams="1.200", size="40 cm rond")
    made = db.session.query(Item).filter_by(code="vloersticker").one()
    assert (made.weight_grams, made.size) == (1200, "40 cm rond")


def test_an_item_that_is_there_is_said_at_its_name(desk):
    stored()
    answer = send(desk, f"{PACKAGES}/onderdelen", name="Poster")
    assert answer.status_code == 400
    assert "Dit onderdeel is er al." in answer.text


def test_the_weight_of_an_item_makes_the_weight_of_the_package(desk):
    package = stored()
    for item in db.session.query(Item):
        send(desk, f"{PACKAGES}/onderdelen/{item.id}", weight_grams="10", size="A3")
    assert "510 gram" in desk.get(f"{PACKAGES}/{package}").text


# the outlook of the stock

TODAY = datetime(2027, 7, 1, 12, tzinfo=UTC)


def ordered(edition, package, days_ago, quantity):
    make_order(package=package, quantity=quantity, activity=make_activity(edition=edition), created_at=TODAY - timedelta(days=days_ago))


@pytest.fixture
def in_july(at):
    at(TODAY)


def edition_of(year):
    return make_edition(year, ordering_opens=date(year, 6, 1), ordering_closes=date(year, 8, 31))


def test_orders_of_the_former_edition_with_the_same_package_make_the_curve(session, in_july):
    former, edition = edition_of(2026), edition_of(2027)
    before = make_package(edition=former)
    other = make_package(edition=former, name="Klein pakket")
    ordered(former, before, 365 - 40, 60)
    ordered(former, other, 365 - 10, 40)
    package = make_package(edition=edition, stock=30)
    forecast = stock_outlook.forecasts(edition, [package], {})[package.id]
    assert (forecast.outcome, forecast.basis, forecast.day) == (Outcome.RUNS_OUT, Basis.FORMER, date(2027, 8, 10))


def test_all_packages_of_the_former_edition_count_when_none_had_the_name(session, in_july):
    former, edition = edition_of(2026), edition_of(2027)
    ordered(former, make_package(edition=former, name="Oud pakket"), 365 - 40, 60)
    package = make_package(edition=edition, stock=30)
    assert stock_outlook.forecasts(edition, [package], {})[package.id].day == date(2027, 8, 10)


def test_what_is_promised_to_the_waiting_list_is_not_free(session, in_july):
    package = make_package(edition=edition_of(2027), stock=30)
    assert stock_outlook.forecasts(package.edition, [package], {package.id: 30})[package.id].outcome is Outcome.OUT


def test_orders_of_an_older_version_count_for_the_newer_one(session, in_july):
    edition = edition_of(2027)
    old = make_package(edition=edition, is_offered=False)
    newer = make_package(edition=edition, version=2, stock=40)
    for days_ago in range(1, 15):
        ordered(edition, old, days_ago, 4)
    forecasts = stock_outlook.forecasts(edition, [old, newer], {})
    assert list(forecasts) == [newer.id]
    assert (forecasts[newer.id].basis, forecasts[newer.id].day) == (Basis.PACE, date(2027, 7, 10))


@pytest.fixture
def stockroom(client, in_july):
    with transaction():
        person = make_user("logistics")
        edition_of(2027)
    sign_in(client, person)
    return client


def test_with_small_numbers_the_page_says_that_nobody_knows(stockroom):
    package = stored(stock=30)
    assert "Er zijn te weinig gegevens." in stockroom.get("/logistiek/voorraad").text
    assert "Er zijn te weinig gegevens." in stockroom.get(f"/logistiek/voorraad/{package}").text


def test_the_drawing_has_a_title_and_the_same_numbers_as_a_table(stockroom, at):
    at(TODAY - timedelta(days=30))
    package = stored(stock=75)
    at(TODAY)
    with transaction():
        ordered(make_edition(), db.session.get_one(Package, package), 3, 5)
    page = stockroom.get(f"/logistiek/voorraad/{package}").text
    assert '<svg role="img" aria-labelledby="plot-titel"' in page
    assert "De voorraad van dinsdag 1 juni tot en met vandaag." in page
    assert '<th scope="row">do 1 jul</th><td class="number">75</td><td class="number">70</td>' in page
