"""Programmes: booklet and large print, by day or by neighbourhood, without what does not go on."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from flask.testing import FlaskClient

from tests.builders import make_activity, make_edition
from tests.paper.test_poster import text_of
from weekapp import clock
from weekapp.activities.rules import State
from weekapp.db import transaction


@pytest.mark.parametrize("paper", ["a5", "a3"])
def test_programme_is_tagged_and_lists_days_in_order(client: FlaskClient, paper: str):
    with transaction():
        make_activity("Wandelen langs de singel", starts=datetime(2027, 10, 2, 8, tzinfo=UTC))
        make_activity("Soep voor iedereen", starts=datetime(2027, 9, 30, 8, tzinfo=UTC))
    body = client.get(f"/gemeenten/utrecht/programma-{paper}.pdf").data
    with pikepdf.open(io.BytesIO(body)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "nl"
    text = text_of(body)
    assert (
        text.index("donderdag 30 september") < text.index("Soep voor iedereen") < text.index("zaterdag 2 oktober") < text.index("Wandelen")
    )


def test_programme_by_neighbourhood_groups_by_postcode(client: FlaskClient):
    with transaction():
        make_activity("Zingen", postcode="3581 AB")
        make_activity("Soep", postcode="3511 LX")
    text = text_of(client.get("/gemeenten/utrecht/programma-a5.pdf?per=buurt").data)
    assert text.index("Utrecht 3511") < text.index("Soep") < text.index("Utrecht 3581") < text.index("Zingen")


def test_programme_leaves_out_what_is_cancelled_or_elsewhere(client: FlaskClient):
    with transaction():
        make_activity("Gaat door")
        make_activity("Afgelast feest", state=State.CANCELLED, cancelled_at=clock.now())
        make_activity("In Zwolle", municipality_code="GM0193", town="Zwolle")
    text = text_of(client.get("/gemeenten/utrecht/programma-a5.pdf").data)
    assert "Gaat door" in text
    assert "Afgelast feest" not in text
    assert "In Zwolle" not in text


def test_programme_without_activities_is_a_page_all_the_same(client: FlaskClient):
    with transaction():
        make_edition()
    assert "Kom erbij in Utrecht" in text_of(client.get("/gemeenten/utrecht/programma-a3.pdf").data)


def test_programme_of_an_unknown_municipality_is_not_found(client: FlaskClient):
    assert client.get("/gemeenten/nergenshuizen/programma-a5.pdf").status_code == 404
