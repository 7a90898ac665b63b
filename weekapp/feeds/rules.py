"""As what an activity is kept for feeds."""

from enum import StrEnum


class Kind(StrEnum):
    """A piece of a feed that tells of one activity."""

    FEATURE = "feature"  # all of it: GeoJSON, and JSON by its properties
    POINT = "point"  # as little as a map needs
    ENTRY = "entry"  # Atom
    ROW = "row"  # CSV
