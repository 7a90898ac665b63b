"""Filling in a form of a page as a browser without JavaScript does."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def hidden_fields(page: str, action: str | None = None) -> dict[str, str]:
    """Hidden fields of the form with this action; of the whole page without one."""
    if action is not None:
        page = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{action}"' in form)
    found = [dict(ATTRIBUTE.findall(one)) for one in INPUT.findall(page)]
    return {one["name"]: unescape(one.get("value", "")) for one in found if one.get("type") == "hidden"}


def send(client: FlaskClient, address: str, *, action: str | None = None, **values: object) -> TestResponse:
    """Open a page, fill in one of its forms and send it."""
    fields = hidden_fields(client.get(address).text, action)
    return client.post(action or address, data=fields | {name.replace("__", "-"): value for name, value in values.items()})
