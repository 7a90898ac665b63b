"""Somebody who registers an activity in a browser without JavaScript: answers with defaults, and the walk past the steps."""

import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import make_edition, make_package
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail

ACTIVITY = {
    "title": "Samen soep eten",
    "description": "We koken soep en eten samen aan een lange tafel.",
    "theme": "eten",
    "audiences": ["iedereen", "ouderen"],
    "expected_visitors": "80",
    "is_free": "ja",
    "can_come_alone": "y",
}
PLACE = {
    "postcode": "3511lx",
    "house_number": "12",
    "street": "Voorbeeldstraat",
    "venue": "Buurthuis De Linde",
    "moments-0-day": "2027-09-30",
    "moments-0-begins": "10:00",
    "moments-0-ends": "12:00",
}
YOU = {
    "organisation": "Stichting De Linde",
    "kind": "welzijn",
    "name": "Noor Voorbeeld",
    "email": "noor@voorbeeld.nl",
    "phone": "06 12345678",
}
PACKAGE = {"wanted": "ja", "quantity": "2", "deliver_to": "activiteit", "attention": "Noor Voorbeeld"}
STEPS = {"plaats-en-tijd": PLACE, "over-jou": YOU, "pakket": PACKAGE}


def set_the_table(**edition: Any) -> None:
    """An edition whose windows are open, with packages in stock."""
    with transaction():
        make_package(edition=make_edition(**edition))


def form_token(page: TestResponse) -> str:
    """The signed token of the form on a page."""
    found = re.search(r'name="form_token"[^>]*value="([^"]+)"', page.text)
    assert found, f"no form on this page: {page.text[:3000]}"
    return found[1]


@dataclass
class Person:
    """Fills in steps; `path` is where the browser is."""

    client: FlaskClient
    path: str = "/meedoen/activiteit"

    def send(self, values: dict[str, Any], path: str | None = None, **more: Any) -> TestResponse:
        """Open a page, fill its form, press its button; go along when it leads on."""
        path = path or self.path
        token = form_token(self.client.get(path))
        response = self.client.post(path, data={"form_token": token} | values | more)
        if response.status_code == 303 and "/bevestigen/" not in response.location:
            self.path = response.location
        return response

    @property
    def step(self) -> str:
        """The last word of the address."""
        return self.path.rpartition("/")[2]

    @property
    def token(self) -> str:
        return self.path.split("/")[2]

    def address_of(self, step: str) -> str:
        return f"/meedoen/{self.token}/{step}"

    def walk(self, until: str = "controleren", **changes: dict[str, Any]) -> "Person":
        """Fill in the steps before `until`; `changes` are answers by step, with _ for -."""
        self.send(ACTIVITY | changes.get("activiteit", {}))
        while self.step != until:
            step = self.step
            response = self.send(STEPS[step] | changes.get(step.replace("-", "_"), {}))
            assert response.status_code == 303, f"{step} was refused: {errors(response)}"
        return self

    def send_off(self, **changes: dict[str, Any]) -> str:
        """Fill in everything, send it, and give the path of the link in the mail."""
        self.walk(**changes)
        self.send({})
        return confirm_link()

    def confirm(self, **changes: dict[str, Any]) -> TestResponse:
        """All of it: register, open the mail, press the button."""
        link = self.send_off(**changes)
        self.send({}, link)
        return self.client.get(link)


def confirm_link() -> str:
    """The path in the newest mail that asks to confirm."""
    with transaction():
        mails = db.session.query(OutgoingMail).filter_by(template="confirm_registration").order_by(OutgoingMail.id.desc())
        link: str = mails.first().values["link"]
    return link.removeprefix("http://127.0.0.1:8000")


def count(table: Any) -> int:
    """How many rows a table has."""
    with transaction():
        return db.session.query(table).count()


def only(table: Any) -> Any:
    """The one row of a table."""
    with transaction():
        found = db.session.query(table).one()
        db.session.expunge(found)
        return found


def errors(page: TestResponse) -> list[str]:
    """The sentences in the list above the form."""
    summary = re.search(r'class="error-summary".*?</div>', page.text, re.DOTALL)
    return [re.sub("<[^>]+>", "", line) for line in re.findall(r"<li>(.*?)</li>", summary[0])] if summary else []
