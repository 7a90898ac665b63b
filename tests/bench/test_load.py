"""What wrk says is read right, and the peak keeps its pace."""

from itertools import islice
from socket import socket

import pytest

from tests.bench.answers import Bench, some_load
from tests.bench.client import Asked
from tests.bench.load import latency
from tests.bench.peak import different

SAID = """  Latency Distribution
     50%  667.00us
     75%    4.54ms
     90%  631.77ms
     99%    1.15s \n"""


@pytest.mark.parametrize(("percentage", "milliseconds"), [(50, 0.667), (90, 631.77), (99, 1150.0)])
def test_waiting_times_are_read_in_every_unit(percentage, milliseconds):
    assert latency(SAID, percentage) == pytest.approx(milliseconds)


def test_strangers_ask_for_addresses_that_are_all_different_and_some_twice():
    asked: list[Asked] = list(islice(different(8), 20))
    assert (len(asked), len({one.path for one in asked})) == (10, 8)


def test_a_server_that_never_finishes_an_answer_is_told_of_by_its_address():
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(RuntimeError, match=f"no answer of {url}/ ended within 4 seconds: ask for more --seconds"):
            some_load(Bench(url, None, None, 1, 1), f"{url}/", {}, None)
