import pytest

from tests.builders import make_activity
from weekapp.db import transaction


def test_figures_are_for_this_machine(client):
    with transaction():
        make_activity()
    response = client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert response.status_code == 200
    assert 'weekapp_activities{state="published"} 1.0' in response.text
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "headers"),
    [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}), ("203.0.113.7", {"Authorization": "Bearer "})],
)
def test_for_others_there_is_no_such_page(client, address, headers):
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers).status_code == 404


def test_requests_are_counted_under_the_name_of_their_view_and_not_their_address(client):
    client.get("/zoek?waar=Geheimstraat")
    text = client.get("/metrics").text
    assert 'weekapp_requests_total{endpoint="pages.search",status="302"}' in text
    assert "Geheimstraat" not in text


def test_alive_and_ready_answer(client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").json["database"] is True
