"""What a request asks of an answer that is there already: in which encoding, and whether the client has it (RFC 9110)."""

from collections.abc import Iterable
from functools import lru_cache

from werkzeug.http import parse_date


@lru_cache(256)
def chosen_encoding(accepted: str, offered: tuple[str, ...]) -> str:
    """The offered encoding that `Accept-Encoding` likes best; '' for none of them (RFC 9110, 12.5.3).

    Of equals the first offered one wins. What is not asked for is not sent: some calendars choke on gzip.
    """
    weights = dict(weighted(accepted))
    anything = weights.get("*", 0.0)
    best = max(offered, key=lambda name: weights.get(name, anything))
    weight = weights.get(best, anything)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def weighted(accepted: str) -> Iterable[tuple[str, float]]:
    """Each name with its weight; a weight that cannot be read counts as a refusal."""
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        key, _, weight = parameter.partition("=")
        if not parameter.strip():
            yield name.strip(), 1.0
        elif key.strip() == "q" and weight.strip().replace(".", "", 1).isdecimal():
            yield name.strip(), float(weight)
        else:
            yield name.strip(), 0.0


def names_it(if_none_match: str, tag: str) -> bool:
    """Whether `If-None-Match` holds this entity tag, compared weakly, or `*` (RFC 9110, 13.1.2)."""
    if if_none_match == tag:
        return True
    given = [name.strip().removeprefix("W/") for name in if_none_match.split(",")]
    return "*" in given or tag in given


@lru_cache(256)
def timestamp(http_date: str) -> float:
    """Seconds since 1970 of an HTTP date; a broken one is long ago, so that nothing is held back because of it."""
    moment = parse_date(http_date)
    return moment.timestamp() if moment else 0.0
