"""What people do in the Week, from texts.toml: kinds of activities, and sentences that fit any of them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from weekapp.activities.rules import Audience, Theme
from weekapp.organisations.rules import Kind


@dataclass(frozen=True)
class Recipe:
    """One kind of activity. Titles may hold {town} and {venue}; `starts` are whole hours on a Dutch clock, `hours` its length."""

    theme: Theme
    titles: tuple[str, ...]
    what: tuple[str, ...]
    starts: tuple[int, ...]
    hours: tuple[float, ...]
    visitors: tuple[int, int]
    audiences: tuple[Audience, ...]
    kinds: tuple[Kind, ...]
    cost: str


@dataclass(frozen=True)
class Texts:
    """All kinds of activities, and the sentences that are added to them."""

    recipes: tuple[Recipe, ...]
    how: tuple[str, ...]
    welcome: tuple[str, ...]
    several: tuple[str, ...]  # for an activity with more than one moment
    ongoing: tuple[str, ...]
    cancelled: tuple[str, ...]  # reasons
    returned: tuple[str, ...]  # reasons of moderators

    def recipes_of(self, kind: Kind) -> tuple[Recipe, ...]:
        """What an organisation of this kind does."""
        return tuple(recipe for recipe in self.recipes if kind in recipe.kinds)


@cache
def texts() -> Texts:
    """The content of texts.toml."""
    found = tomllib.loads((files("weekapp.demo") / "texts.toml").read_text(encoding="utf-8"))
    recipes = tuple(
        Recipe(
            theme=Theme(one["theme"]),
            titles=tuple(one["titles"]),
            what=tuple(one["what"]),
            starts=tuple(one["starts"]),
            hours=tuple(one["hours"]),
            visitors=(one["visitors"][0], one["visitors"][1]),
            audiences=tuple(map(Audience, one["audiences"])),
            kinds=tuple(map(Kind, one["kinds"])),
            cost=one.get("cost", ""),
        )
        for one in found.pop("recipe")
    )
    return Texts(recipes, **{name: tuple(lines) for name, lines in found.items()})
