"""The description of the API: valid, complete, in step with the routes, and true of what is answered."""

from datetime import UTC, datetime

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.builders import make_activity, make_edition
from weekapp.db import transaction

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]
BOUNDED = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def description(client):
    return client.get("/api/v1/openapi.json").get_json()


def test_the_description_is_valid(description):
    OpenAPIV31SpecValidator(description).validate()
    assert description["openapi"].startswith("3.1.")


def test_it_says_whom_to_ask(description):
    assert set(description["info"]["contact"]) == {"name", "url", "email"}
    assert all(description["info"]["contact"].values())


def test_every_route_is_described_and_nothing_else(app, description):
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1")}
    described = {f"/api/v1{path}" for path in description["paths"]}
    assert {route.replace("<number>", "{id}").replace("<code>", "{code}") for route in routes} == described


def test_every_answer_declares_the_version(description):
    answers = [(path, status, one) for path, item in description["paths"].items() for status, one in item["get"]["responses"].items()]
    assert [(path, status) for path, status, one in answers if "API-Version" not in one["headers"]] == []
    assert {status for path, status, _ in answers if path == "/activiteiten"} == {"200", "304", "400", "default"}


def test_names_are_in_lower_camel_case(description):
    names = {one["name"] for item in description["paths"].values() for one in item["get"]["parameters"]}
    assert {name for name in names if not name.isalnum() or not name[0].islower()} == set()
    assert {"gemeentecode", "datumVanaf", "zonderAanmelden", "paginagrootte"} <= names


def test_whatever_is_asked_is_answered_as_described(app, description, at):
    """schemathesis, with questions that are right and questions that are wrong; the same ones each time."""
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))
    with transaction():
        make_edition(2026)
        make_activity()
        make_activity(lon=None, lat=None, precision="unknown", municipality_code=None)
    asked = set()

    def ask(case):
        asked.add(case.operation.path)
        case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

    for operation in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        right = operation.ok().as_strategy(generation_mode=GenerationMode.POSITIVE)
        wrong = operation.ok().as_strategy(generation_mode=GenerationMode.NEGATIVE)
        for strategy in [right, wrong] if operation.ok().query else [right]:
            BOUNDED(given(case=strategy)(ask))()
    assert asked == set(description["paths"]) - {"/openapi.json"}  # schemathesis leaves out what it reads itself
