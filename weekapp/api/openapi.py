"""The description of the API (OpenAPI 3.1), made from its parameters and the types of its answers (API-03)."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from weekapp.activities.objects import ActivityObject
from weekapp.api.objects import (
    ActivityPage,
    EditionList,
    FeatureObject,
    FeaturePage,
    MunicipalityList,
    MunicipalityObject,
    Problem,
    WrongQuestion,
)
from weekapp.api.parameters import FORMAT, OF_ACTIVITIES, Parameter
from weekapp.api.schema import Schema, Schemas

API_VERSION = "1.0.0"  # semver: a new field or filter raises the second number, what breaks a program the first (and the address)
LARGEST_ID = 2**31 - 1
PROBLEM, PLAIN_JSON, GEO = "application/problem+json", "application/json", "application/geo+json"
ABOUT = """Alle openbare activiteiten van de Week tegen Eenzaamheid, om te lezen. Je hebt geen sleutel nodig.

Tijden staan in UTC en eindigen op Z. Dagen zijn Nederlandse dagen.
Meerdere filters samen maken de lijst korter. Meerdere waarden van een filter maken de lijst langer.
Een filter dat we niet kennen is een fout: je krijgt nooit ongemerkt de hele lijst.
Vraag iets opnieuw met If-None-Match: is er niets veranderd, dan krijg je 304.
Komt er een versie 2? Dan blijft versie 1 nog minstens 12 maanden werken.
Agenda's, spreadsheets en feeds staan buiten deze API. De pagina /open-data legt ze uit."""
HEADERS: dict[str, Schema] = {
    "API-Version": {"description": "De versie van de API.", "required": True, "schema": {"type": "string", "const": API_VERSION}},
    "ETag": {"description": "Verandert als het antwoord verandert.", "schema": {"type": "string"}},
    "Link": {"description": "De bladzijden ernaast: prev en next (RFC 8288).", "schema": {"type": "string"}},
    "Content-Crs": {"description": "Het stelsel van de coördinaten, bij GeoJSON.", "schema": {"type": "string"}},
}


@cache
def document(base_url: str, contact_email: str) -> dict[str, Any]:
    """The whole description; the same bytes until the program or these settings change."""
    schemas = Schemas()
    paths = {
        "/activiteiten": operation("activiteiten", "Zoek activiteiten", both(schemas, ActivityPage, FeaturePage), OF_ACTIVITIES),
        "/activiteiten/{id}": operation(
            "activiteit", "Lees één activiteit", both(schemas, ActivityObject, FeatureObject), (FORMAT,), of_activity()
        ),
        "/gemeenten": operation("gemeenten", "Lees alle gemeenten", content(schemas, MunicipalityList)),
        "/gemeenten/{code}": operation("gemeente", "Lees één gemeente", content(schemas, MunicipalityObject), (), of_municipality()),
        "/edities": operation("edities", "Lees alle edities", content(schemas, EditionList)),
        "/openapi.json": operation("openapi", "Lees deze beschrijving", {PLAIN_JSON: {"schema": {"type": "object"}}}),
    }
    for kind in (Problem, WrongQuestion):
        schemas.of(kind)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kom erbij: open data",
            "version": API_VERSION,
            "description": ABOUT,
            "contact": {"name": "Kom erbij", "url": f"{base_url}/open-data", "email": contact_email},
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "tags": [{"name": "open data", "description": "Wat iedereen mag lezen."}],
        "paths": paths,
        "components": {"schemas": schemas.named, "headers": HEADERS},
    }


def operation(
    name: str, summary: str, answer: Schema, parameters: Iterable[Parameter] = (), of_path: Schema | None = None
) -> dict[str, Any]:
    """Reading one address: GET, and HEAD which is not described apart."""
    responses = {
        "200": {"description": "Gelukt.", "headers": headers_of(answer, is_page=name == "activiteiten"), "content": answer},
        "304": {"description": "Niet veranderd sinds de vorige keer.", "headers": referred("API-Version", "ETag")},
        "400": problem("De vraag klopt niet. Alle fouten staan er tegelijk in.", "WrongQuestion"),
    }
    if of_path:
        responses["404"] = problem("Dit bestaat niet.")
    responses["default"] = problem("Er ging iets mis.")
    described = [described_parameter(one) for one in parameters]
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": f"{summary}. De volgorde blijft gelijk." if name != "openapi" else "OpenAPI 3.1, gemaakt uit het programma.",
            "tags": ["open data"],
            "parameters": ([of_path] if of_path else []) + described,
            "responses": responses,
        }
    }


def headers_of(answer: Schema, *, is_page: bool) -> Schema:
    more = ["Link"] * is_page + ["Content-Crs"] * (GEO in answer)
    return referred("API-Version", "ETag", *more)


def referred(*names: str) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def problem(description: str, schema: str = "Problem") -> Schema:
    """An error (API-02)."""
    answer = {PROBLEM: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "headers": referred("API-Version"), "content": answer}


def content(schemas: Schemas, kind: Any) -> Schema:
    return {PLAIN_JSON: {"schema": schemas.of(kind)}}


def both(schemas: Schemas, plain: Any, geo: Any) -> Schema:
    """JSON, and GeoJSON for whoever asks for it (API-07)."""
    return {PLAIN_JSON: {"schema": schemas.of(plain)}, GEO: {"schema": schemas.of(geo)}}


def described_parameter(one: Parameter) -> Schema:
    """A filter; several values of it are given as `thema=eten&thema=koffie`, a box as `west,zuid,oost,noord`."""
    schema = {"type": "array", "items": one.schema, "minItems": 1} if one.is_many else one.schema
    example: Any = [one.example] if one.is_many else one.example
    if one.schema["type"] == "array":
        example = [float(part) for part in one.example.split(",")]
    elif one.schema["type"] in {"integer", "number", "boolean"}:
        example = {"integer": int, "number": float, "boolean": bool}[one.schema["type"]](one.example)
    return {
        "name": one.name,
        "in": "query",
        "description": one.meaning,
        "style": "form",
        "explode": one.is_many,
        "schema": schema,
        "example": example,
    }


def of_activity() -> Schema:
    schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
    return {"name": "id", "in": "path", "required": True, "description": "Het nummer van de activiteit.", "schema": schema, "example": 12}


def of_municipality() -> Schema:
    schema = {"type": "string", "pattern": "^GM[0-9]{4}$"}
    return {"name": "code", "in": "path", "required": True, "description": "De code van het CBS.", "schema": schema, "example": "GM0344"}
