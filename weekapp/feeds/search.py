"""What a feed is about: a search, its name and its addresses; the short addresses among them."""

from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement

from weekapp import addresses
from weekapp.activities.filters import ONCE, Filters, address
from weekapp.activities.models import Activity
from weekapp.activities.rules import AUDIENCE_WORDS, THEME_WORDS, Audience, Theme
from weekapp.errors import InvalidInput
from weekapp.geography.reference import MunicipalityRow
from weekapp.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Search:
    """`start` is the address of its feeds without ending and filters; `asked` are the filters in the address."""

    name: str
    start: str
    asked: Filters
    filters: Filters  # those that `start` says too
    only: tuple[ColumnElement[bool], ...] = ()  # what no filter can say

    @property
    def label(self) -> str:
        """What a file with it is called."""
        return "-".join(["kom-erbij", *self.start.split("/")[2:]])

    @property
    def page(self) -> str:
        """The same search for people; an organisation has no page, so there it is everything."""
        return address("/activiteiten", self.filters)

    def path(self, ending: str) -> str:
        """The address of the feed with this ending."""
        return address(f"{self.start}.{ending}", self.asked)


def everything(asked: Filters) -> Search:
    """Any search."""
    return Search(gettext("Kom erbij"), "/activiteiten", asked, asked)


def of_municipality(row: MunicipalityRow, asked: Filters) -> Search:
    words = gettext("Kom erbij in %(name)s", name=row.name)
    return Search(words, addresses.municipality(row.slug), asked, narrowed(asked, "gemeente", row))


def of_province(name: str, asked: Filters) -> Search:
    words = gettext("Kom erbij in de provincie %(name)s", name=name)
    return Search(words, addresses.province(name), asked, narrowed(asked, "provincie", name))


def of_theme(theme: Theme, asked: Filters) -> Search:
    words = gettext("Kom erbij: %(what)s", what=gettext(THEME_WORDS[theme]))
    return Search(words, addresses.theme(theme), asked, narrowed(asked, "thema", theme))


def of_audience(audience: Audience, asked: Filters) -> Search:
    words = gettext("Kom erbij: %(what)s", what=gettext(AUDIENCE_WORDS[audience]))
    return Search(words, addresses.audience(audience), asked, narrowed(asked, "doelgroep", audience))


def of_organisation(organisation: Organisation, asked: Filters) -> Search:
    words = gettext("Kom erbij: %(what)s", what=organisation.name)
    start = addresses.organisation(organisation.id, organisation.name)
    return Search(words, start, asked, asked, (Activity.organisation_id == organisation.id,))


def narrowed(asked: Filters, name: str, value: object) -> Filters:
    """What is asked for, within what the address says; raises InvalidInput when both say the same thing."""
    if getattr(asked, name):
        raise InvalidInput([(name, ONCE)])
    more: dict[str, Any] = {name: (value,)}
    return replace(asked, **more)
