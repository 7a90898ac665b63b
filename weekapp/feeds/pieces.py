"""An activity as a piece of each feed, written once when it changes; a feed joins the pieces."""

import hashlib
from collections.abc import Callable
from functools import cache

from flask_babel import force_locale

from weekapp.activities import objects
from weekapp.activities.public import PublicActivity
from weekapp.feeds import atom, sheet
from weekapp.feeds.rules import Kind
from weekapp.geography import reference

RECIPE = "1"  # raise it when a writer writes something else than before
PROPERTIES, BEGIN = b'"properties":', b',"begin":"'

WRITERS: dict[Kind, Callable[[PublicActivity, str], bytes]] = {
    Kind.FEATURE: lambda activity, base_url: objects.as_json(objects.full_feature(activity, base_url)),
    Kind.POINT: lambda activity, base_url: open_point(activity, base_url),
    Kind.ENTRY: atom.entry,
    Kind.ROW: sheet.row,
}


@cache
def recipe(base_url: str) -> str:
    """What the bytes of a piece depend on besides its activity."""
    parts = f"{RECIPE} {base_url} {reference.municipalities()}"
    return hashlib.blake2s(parts.encode(), digest_size=8).hexdigest()


def pieces(activity: PublicActivity, base_url: str) -> dict[Kind, bytes]:
    """All pieces of an activity, in Dutch: feeds have no other language."""
    with force_locale("nl"):
        return {kind: write(activity, base_url) for kind, write in WRITERS.items()}


def object_of(feature: bytes) -> bytes:
    """The JSON object inside a feature."""
    return feature[feature.index(PROPERTIES) + len(PROPERTIES) : -1]


def open_point(activity: PublicActivity, base_url: str) -> bytes:
    """A slim feature up to its last value: which moment is the first depends on the search."""
    return objects.as_json(objects.slim_feature(activity, base_url))[: -len("}}")] + BEGIN


def point(opened: bytes, begin: bytes) -> bytes:
    """A slim feature with the first moment that was asked for."""
    return opened + begin + b'"}}'


def collection(features: list[bytes]) -> bytes:
    """A GeoJSON document (RFC 7946, 3.3)."""
    return b'{"type":"FeatureCollection","features":[' + b",".join(features) + b"]}"
