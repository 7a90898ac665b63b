"""The world of these tests, and what was seen of it; made once, and gone (with its clock) when the last test of this folder is done."""

from collections.abc import Iterator

import pytest

from tests.browser.visits import Notes, look_at_everything
from tests.browser.world import NOW, Site, world
from tests.browsing import chromium, running_browser
from weekapp import clock


@pytest.fixture(scope="package")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    chromium()  # before sites are made that nobody would look at
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        with world(tmp_path_factory.mktemp("world")) as made:
            yield made


@pytest.fixture(scope="package")
def notes(sites: dict[str, Site]) -> Notes:
    """What every page looks like. The browser for it is closed again: there is one at a time in a process."""
    with running_browser() as running:
        return look_at_everything(running, sites)
