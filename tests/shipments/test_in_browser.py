"""The pages about carriers and parcels in a real browser, wide and narrow: no axe violations, nothing wider than the window."""

import pytest

from fulfilment.carrier import apply
from tests.browsing import NARROW, WIDE
from tests.builders import make_user
from tests.shipments.making import make_mapping, packed_order, parcels_of, says, uploaded
from weekapp.accounts.models import User
from weekapp.db import db, transaction
from weekapp.shipments import files, service
from weekapp.shipments.models import ReturnFile
from weekapp.shipments.rules import Carrier, Status

pytestmark = pytest.mark.browser


@pytest.fixture
def logistics(somebody):
    """Somebody of logistics, signed in, with a browser of a given size."""
    with transaction():
        number = make_user("logistics").id
    return lambda size: somebody(size, user=db.session.get_one(User, number))


def fill():
    """Files in each state, and parcels with which something is the matter."""
    with transaction():
        make_mapping()
        orders = [packed_order(quantity=2) for _ in range(4)]
        numbers = [order.number for order in orders]
        uploaded("a;b;c", carrier=Carrier.DHL)
        uploaded(f"{numbers[0]};3SABCD1;bezorgd", f"{numbers[1]};3SABCD2;onderweg", "WEB-1;3SX;x", f"{numbers[0]};3SABCD1;onderweg")
        uploaded(f"{numbers[0]};3,1E+12;bezorgd", f"{numbers[1]};;gisteren")
        uploaded(f"{numbers[2]};3SABCD3;vreemd woord")
        uploaded(f"{numbers[2]};3SABCD4;onderweg")
        service.write_down([says(orders[3], "3SLOST001", Status.LOST)], Carrier.DPD, by_id=0)
        service.reship(parcels_of(orders[3])[0], 1, by=make_user("logistics"))
        service.write_down([says(orders[2], "3SBACK001", Status.RETURNED)], Carrier.OTHER, by_id=0)
    for file_id in range(1, 5):
        apply.parse_file(file_id)
    with transaction():
        files.apply(db.session.get_one(ReturnFile, 2), by=make_user("logistics"))
    db.session.remove()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_every_page_is_accessible_in_each_state(logistics, size):
    someone = logistics(size)
    for page in ("/logistiek/retour", "/logistiek/zendingen", "/logistiek/te-laat"):
        someone.open(page)
    fill()
    for page in ("/logistiek/retour", "/logistiek/zendingen", "/logistiek/zendingen?q=3SLOST001"):
        someone.open(page)
    for number in range(1, 6):
        someone.open(f"/logistiek/retour/{number}")
    for number in range(1, 4):
        someone.open(f"/logistiek/zendingen/{number}")
    someone.open("/logistiek/retour/4/kolommen")
    someone.press("Onthoud en lees het bestand")  # with a word that has no answer yet
    someone.open("/logistiek/retour")
    someone.press("Upload en bekijk")
    someone.open("/logistiek/zendingen")
    someone.press("Voeg toe")


def test_the_page_shows_by_itself_that_the_file_has_been_read(logistics, app):
    with transaction():
        make_mapping()
        uploaded("WEB-1;3SX;x")
    db.session.remove()
    page = logistics(WIDE).open("/logistiek/retour/1")
    assert page.get_by_text("Dat duurt meestal een paar tellen.").is_visible()
    apply.parse_file(1)
    page.get_by_text("Er is nog niets veranderd.").wait_for()
