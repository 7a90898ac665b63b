"""What tests of stored answers begin with."""

import pytest

from tests.builders import make_activity
from weekapp.db import transaction


@pytest.fixture
def one(app):
    """The id of a public activity."""
    with transaction():
        return make_activity().id
