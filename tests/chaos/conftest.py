"""Sizes, seeds and an installation to be struck. `make chaos` sets CHAOS=1: the same tests with the numbers of the issue."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask

from tests.chaos.programs import Broker, running_broker
from tests.processes import environment_for, send_to
from weekapp.config import Settings

LONG = os.environ.get("CHAOS", "") == "1"


@dataclass(frozen=True)
class Size:
    """How much chaos."""

    orders: int
    kills: int
    workers: int
    mails: int
    restarts: int  # of broker or database
    tries: int  # of mails in vain


@pytest.fixture
def size() -> Size:
    return Size(orders=5000, kills=40, workers=4, mails=300, restarts=8, tries=4) if LONG else Size(600, 6, 2, 20, 2, 1)


@pytest.fixture
def rng() -> random.Random:
    """Chance that can be repeated: the seed is shown when a test fails; CHAOS_SEED chooses one."""
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CHAOS_SEED={seed}")
    return random.Random(seed)


@dataclass
class Installation:
    """A broker, and the environment of the programs; this process sends its messages to the same broker."""

    broker: Broker
    environment: dict[str, str]
    mail_folder: Path


@pytest.fixture
def installation(app: Flask, tmp_path: Path) -> Iterator[Installation]:
    before: Settings = app.config["SETTINGS"]
    with running_broker(tmp_path / "valkey") as broker:
        found = environment_for(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"], broker.url, MAX_PACKAGES="100000")
        app.config["SETTINGS"] = replace(before, max_packages=100_000)
        send_to(before.from_mapping(found))
        try:
            yield Installation(broker, found, tmp_path / "mail")
        finally:
            app.config["SETTINGS"] = before
    send_to(before)
