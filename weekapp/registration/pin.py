"""The pin of an activity as a form shows it: where it stands, how sure that is in words, and a picture that needs no script."""

import math
from dataclasses import dataclass

from flask_babel import gettext

from weekapp.errors import N_
from weekapp.geography import pins
from weekapp.geography.pins import LonLat
from weekapp.geography.rules import Precision
from weekapp.registration.answers import AboutPlace, Address

PIN_WORDS = {
    Precision.ADDRESS: N_("We weten het huisnummer. De pin staat bij dit adres."),
    Precision.PC6: N_("We weten de straat, niet het huisnummer."),
    Precision.PC4: N_("We weten de wijk of het dorp, niet de straat."),
    Precision.MUNICIPALITY: N_("We weten alleen de gemeente."),
    Precision.BY_HAND: N_("Je hebt de pin zelf gezet."),
    Precision.UNKNOWN: N_("We weten nog niet waar dit is. Zoek de plek hieronder."),
}
WIDTH, HEIGHT = 340, 240  # of the picture, in pixels of the map
TILE = 256
ZOOM, NEAR_ZOOM = 13, 16  # some 12 m and 1.5 m a pixel in this country
MOST_NAMES = 40
EARTH_ROUND = 40_075_016.7  # metres along the equator


@dataclass(frozen=True, slots=True)
class Spot:
    """A pin: where it stands, how sure that is, and where the address alone would have put it (None: nobody knows)."""

    point: LonLat | None
    precision: Precision
    address: LonLat | None

    @property
    def is_by_hand(self) -> bool:
        return self.precision is Precision.BY_HAND

    @property
    def words(self) -> str:
        """How sure we are, in a sentence for who fills in the form."""
        text = gettext(PIN_WORDS[self.precision])
        if self.is_by_hand and self.point and self.address and (metres := pins.metres_between(self.point, self.address)):
            return text + " " + gettext("Hij staat %(metres)s meter van de plek die wij vonden.", metres=metres)
        return text


@dataclass(frozen=True, slots=True)
class Name:
    """A postcode area in the picture."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of a map of somebody else's in the picture."""

    x: float
    y: float
    address: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A small map: the pin in pixels, what lies around it, and how long a line of `metres` is."""

    x: float
    y: float
    names: tuple[Name, ...]
    tiles: tuple[Tile, ...]
    metres: int
    length: float


def spot_of(address: Address, pin: LonLat | None) -> Spot:
    """Where the pin of an address stands, when somebody put it at `pin` or nobody did."""
    found = None if address.lon is None or address.lat is None else pins.rounded((address.lon, address.lat))
    return Spot(pin, Precision.BY_HAND, found) if pin else Spot(found, address.precision, found)


def spot_to_show(place: AboutPlace) -> Spot | None:
    """The pin of an answer; of a home there is none (PRIV-04)."""
    return None if place.is_home else spot_of(place.address, place.pin)


def picture(spot: Spot, tiles_url: str) -> Picture | None:
    """The picture of a pin, around the address while the pin is near it."""
    if spot.point is None:
        return None
    zoom = NEAR_ZOOM if tiles_url and spot.precision in {Precision.ADDRESS, Precision.BY_HAND} else ZOOM
    centre = middle_of(spot, zoom)
    left, top = centre[0] - WIDTH / 2, centre[1] - HEIGHT / 2
    x, y = pixels(spot.point, zoom)
    a_pixel = EARTH_ROUND * math.cos(math.radians(spot.point[1])) / (TILE * 2**zoom)
    metres = 100 if a_pixel < 4 else 1000
    names = () if tiles_url else names_in(spot.point, left, top, zoom)
    tiles = tiles_in(left, top, zoom, tiles_url) if tiles_url else ()
    return Picture(round(x - left, 1), round(y - top, 1), names, tiles, metres, round(metres / a_pixel, 1))


def middle_of(spot: Spot, zoom: int) -> tuple[float, float]:
    """What the picture is drawn around: the address, so that a moved pin is seen to move; the pin itself when that is far off."""
    assert spot.point is not None, "asked for a pin that stands somewhere"
    at = pixels(spot.point, zoom)
    if spot.address is None:
        return at
    x, y = pixels(spot.address, zoom)
    is_inside = abs(at[0] - x) < WIDTH / 2 - 30 and abs(at[1] - y) < HEIGHT / 2 - 50
    return (x, y) if is_inside else at


def pixels(point: LonLat, zoom: int) -> tuple[float, float]:
    """Where a point lies on the map of the world (EPSG:3857) whose tiles are 256 pixels."""
    size = TILE * 2**zoom
    sine = math.sin(math.radians(point[1]))
    return (point[0] + 180) / 360 * size, (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * size


def names_in(point: LonLat, left: float, top: float, zoom: int) -> tuple[Name, ...]:
    """The postcode areas that are seen, nearest first, without those that would lie over each other."""
    drawn: list[Name] = []
    seen_towns = set[str]()
    for row in pins.around(point, MOST_NAMES):
        x, y = pixels((row.lon, row.lat), zoom)
        x, y = round(x - left, 1), round(y - top, 1)
        is_seen = 20 < x < WIDTH - 60 and 14 < y < HEIGHT - 26
        if is_seen and all(abs(x - one.x) > 86 or abs(y - one.y) > 18 for one in drawn):
            drawn.append(Name(x, y, row.digits if row.place in seen_towns else f"{row.digits} {row.place}"))
            seen_towns.add(row.place)
    return tuple(drawn)


def names_around(point: LonLat) -> list[tuple[float, float, str]]:
    """The postcode areas around a point, for a map that can be moved; each town is named once."""
    towns, found = set[str](), []
    for row in pins.around(point, MOST_NAMES):
        found.append((row.lon, row.lat, row.digits if row.place in towns else f"{row.digits} {row.place}"))
        towns.add(row.place)
    return found


def tiles_in(left: float, top: float, zoom: int, tiles_url: str) -> tuple[Tile, ...]:
    """The tiles under the picture."""
    columns = range(int(left // TILE), int((left + WIDTH) // TILE) + 1)
    rows = range(int(top // TILE), int((top + HEIGHT) // TILE) + 1)
    return tuple(
        Tile(round(column * TILE - left, 1), round(row * TILE - top, 1), tiles_url.format(z=zoom, x=column, y=row, s="a", r=""))
        for row in rows
        for column in columns
    )
