"""One search, one set: the pages of the list, the map and the five formats hold the same activities (product.md, addresses)."""

import re
from datetime import UTC, datetime
from functools import partial
from itertools import count
from random import Random
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.activities.searches import fill, random_pairs
from tests.builders import make_edition
from tests.feeds.test_public_views import ENDINGS, ids_in, ids_on_page
from weekapp.activities import queries
from weekapp.activities.filters import READERS, parse
from weekapp.activities.models import Activity
from weekapp.activities.queries import PAGE_SIZE
from weekapp.activities.rules import State
from weekapp.db import db, transaction

ONE_EACH = {
    "q": "soep",
    "gemeente": "utrecht",
    "provincie": "limburg",
    "dag": "2027-10-01",
    "van": "2027-10-02",
    "tot": "2027-10-01",
    "thema": "eten",
    "doelgroep": "ouderen",
    "taal": "en",
    "postcode": "3511",
    "bbox": "4.5,51.9,5.6,52.6",
}


@pytest.fixture
def agree(client, at):
    """Asks one search in some places, and compares with what the search itself finds; calendars may also call off what was taken away."""
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))
    with transaction():
        make_edition()
        fill(40)
        gone = set(db.session.scalars(select(Activity.id).where(Activity.state == State.WITHDRAWN)))

    def ask(query, places=PLACES):
        expected = set(queries.matching_ids(parse(parse_qsl(query))[0]))
        for place in places:
            assert PLACES[place](client, query) - gone == expected, (place, query)

    return ask


def ids_in_list(client, query):
    """The ids on all pages of the list: as many as it says."""
    found, total, number = set(), 1, 1
    while len(found) < total:
        html = client.get(f"/activiteiten?{query}&pagina={number}").text
        total = int(re.search(r'data-aantal="(\d+)"', html)[1])
        here = {int(text) for text in re.findall(r'<li class="hit[^>]*data-id="(\d+)"', html)}
        assert len(here) == min(PAGE_SIZE, total - len(found)), query
        found, number = found | here, number + 1
    return found


def ids_in_map(client, query):
    return ids_on_page(client, "/kaart", query)


def ids_in_format(ending, client, query):
    return ids_in(ending, client.get(f"/activiteiten.{ending}?{query}"))


PLACES = {"list": ids_in_list, "map": ids_in_map} | {ending: partial(ids_in_format, ending) for ending in ENDINGS}


@pytest.mark.parametrize("name", sorted(READERS.keys() - {"straal"}))
def test_each_filter_gives_one_set_everywhere(agree, name):
    agree(urlencode({name: ONE_EACH.get(name, "1")}))


def test_two_hundred_random_searches_give_one_set_everywhere(agree):
    """Each search is compared in one of the seven places, by turns; tests/feeds compares forty of them in all places at once."""
    turns = count()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def every(seed):
        places = list(PLACES)
        agree(urlencode(random_pairs(Random(seed))), [places[next(turns) % len(places)]])

    every()
