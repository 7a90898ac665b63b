"""The stock over time and the forecast of when it runs out, put together for the pages that show them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from weekapp import clock
from weekapp.db import db
from weekapp.editions import queries as editions
from weekapp.editions.models import Edition
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages import queries
from weekapp.packages.forecast import Forecast, Season, run_out
from weekapp.packages.models import Package
from weekapp.packages.plot import Level, Plot, levels, plot

Curves = Mapping[int, Mapping[str, Mapping[date, int]]]  # edition id, name of the package, Dutch day: packages ordered


@dataclass(frozen=True)
class Outlook:
    """What the page of one package shows; no forecast for a version that nobody can order."""

    levels: list[Level]
    plot: Plot | None
    forecast: Forecast | None


def of_package(package: Package, waiting: int) -> Outlook:
    """The past and the future of one package; `waiting` packages are promised to the waiting list."""
    forecast = forecasts(package.edition, [package], {package.id: waiting}).get(package.id)
    known, day = levels(queries.ledger(package.id)), clock.today()
    return Outlook(known, plot(known, day, forecast.day if forecast else None), forecast)


def forecasts(edition: Edition, packages: Sequence[Package], waiting: Mapping[int, int]) -> dict[int, Forecast]:
    """For each package of an edition that can be ordered (package id: forecast)."""
    offered = [package for package in packages if package.is_offered]
    if not offered:
        return {}
    former = editions.by_year(edition.year - 1)
    curves, day = order_curves([one.id for one in (edition, former) if one]), clock.today()
    found = {}
    for package in offered:
        now = Season(edition.ordering_opens, edition.ordering_closes, curves[edition.id][package.name])
        free = package.available - waiting.get(package.id, 0)
        found[package.id] = run_out(now, season_of(former, package.name, curves), free, day)
    return found


def season_of(former: Edition | None, name: str, curves: Curves) -> Season | None:
    """How a package went in the former edition; all its packages together where none had this name."""
    if former is None:
        return None
    of_names = curves[former.id]
    ordered = of_names[name] if name in of_names else sum((Counter(curve) for curve in of_names.values()), Counter[date]())
    return Season(former.ordering_opens, former.ordering_closes, ordered)


def order_curves(edition_ids: Sequence[int]) -> Curves:
    """Packages ordered on each day, all versions of a package together, what waits included and what was cancelled left out."""
    found = {edition_id: defaultdict[str, Counter[date]](Counter) for edition_id in edition_ids}
    rows = select(Order.edition_id, Package.name, Order.created_at, Order.quantity).join(Order.package)
    for edition_id, name, moment, quantity in db.session.execute(
        rows.where(Order.edition_id.in_(edition_ids), Order.state != State.CANCELLED)
    ):
        found[edition_id][name][clock.local(moment).date()] += quantity
    return found
