"""One running system and one browser for all journeys."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsing import WIDE, Visitor, chromium, visitor
from tests.journeys.system import RunningSystem, running_system


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    chromium()  # before a system is started that nobody would look at
    with running_system(tmp_path_factory.mktemp("week") / "data") as running:
        yield running


@pytest.fixture
def somebody(browser: Browser, system: RunningSystem) -> Iterator[Callable[..., Visitor]]:
    """somebody(size) is a new person with an empty browser."""
    visitors: list[Visitor] = []

    def arrive(size: tuple[int, int] = WIDE, *, javascript: bool = True) -> Visitor:
        visitors.append(visitor(browser, system.base_url, size, javascript=javascript))
        return visitors[-1]

    yield arrive
    for one in visitors:
        one.close()
