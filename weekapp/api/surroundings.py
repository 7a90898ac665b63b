"""What every answer below /api carries, errors too: the version (API-03), leave for any website to read it, GeoJSON by `Accept`.

Stored answers (weekapp.cache) go by address alone. So who asks for GeoJSON by header gets the address with `formaat=geojson`, before the
store is asked: each representation has its own stored answer and ETag, and `Vary` tells other stores the truth.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from weekapp.api.openapi import API_VERSION, GEO, PLAIN_JSON
from weekapp.api.parameters import FORMAT, GEOJSON

Headers = list[tuple[str, str]]
Environ = dict[str, Any]

PREFIX = "/api/"
WITH_GEOJSON = "/api/v1/activiteiten"
ON_ALL: Headers = [
    ("API-Version", API_VERSION),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "API-Version, Content-Crs, ETag, Link"),
]
ON_OPTIONS: Headers = [
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "Accept, If-Modified-Since, If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
]
WRITTEN_HERE = {name.lower() for name, _ in ON_ALL}


class ApiSurroundings:
    """WSGI middleware around the stored answers."""

    def __init__(self, site: Callable[[Environ, Any], Iterable[bytes]]) -> None:
        self.site = site

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return self.site(environ, start_response)
        has_two_formats = path.startswith(WITH_GEOJSON)
        more = ON_ALL + (ON_OPTIONS if environ["REQUEST_METHOD"] == "OPTIONS" else [])

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            kept = [header for header in headers if header[0].lower() not in WRITTEN_HERE]
            return start_response(status, (varied(kept) if has_two_formats else kept) + more, *rest)

        if has_two_formats and prefers_geojson(environ.get("HTTP_ACCEPT", "")):
            environ = environ | {"QUERY_STRING": with_format(environ.get("QUERY_STRING", ""))}
        return self.site(environ, start)


@lru_cache(256)
def prefers_geojson(accept: str) -> bool:
    """Whether `Accept` likes GeoJSON better than JSON; what we cannot serve is ignored."""
    accepted = parse_accept_header(accept, MIMEAccept)
    return accepted.best_match([PLAIN_JSON, GEO], default=PLAIN_JSON) == GEO


def with_format(query: str) -> str:
    """The query with the format in it; one that is in it already goes first."""
    if FORMAT.name in parse_qs(query[:4000], keep_blank_values=True):
        return query
    return "&".join(filter(None, (query, f"{FORMAT.name}={GEOJSON}")))


def varied(headers: Headers) -> Headers:
    """The answer depends on `Accept` too (RFC 9110, 12.5.5)."""
    given = [part.strip() for name, value in headers if name.lower() == "vary" for part in value.split(",")]
    return [header for header in headers if header[0].lower() != "vary"] + [("Vary", ", ".join([*given, "Accept"]))]


def set_up_api(app: Flask) -> None:
    """Put this around an application that has its stored answers."""
    app.wsgi_app = ApiSurroundings(app.wsgi_app)  # type: ignore[method-assign]
