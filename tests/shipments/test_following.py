"""Where an initiator and logistics see where a parcel is."""

from flask.testing import FlaskClient

from tests.builders import make_user, sign_in
from tests.shipments.making import packed_order, says
from weekapp.db import transaction
from weekapp.shipments import service
from weekapp.shipments.rules import Carrier

CODE = "3SABCD0000001"
LINK = "https://jouw.postnl.nl/track-and-trace/3SABCD0000001-NL-3511LX"


def test_an_initiator_follows_the_parcel_under_mijn(client: FlaskClient) -> None:
    with transaction():
        order = packed_order()
        service.write_down([says(order, CODE)], Carrier.POSTNL, by_id=0)
        address, initiator = f"/mijn/activiteiten/{order.activity_id}", order.initiator
    sign_in(client, initiator)
    page = client.get(address).text
    assert f'href="{LINK}"' in page


def test_logistics_see_the_parcels_of_an_order_on_its_page(client: FlaskClient) -> None:
    with transaction():
        order = packed_order()
        service.write_down([says(order, CODE)], Carrier.POSTNL, by_id=0)
        address, person = f"/logistiek/bestellingen/{order.number}", make_user("logistics")
    sign_in(client, person)
    assert CODE in client.get(address).text
