"""A site of its own for each size: a fresh folder with demo data, and the real server processes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT, environment_for
from weekapp.app import create_app
from weekapp.config import Settings
from weekapp.db import db
from weekapp.feeds import service

LONGEST = 3600  # seconds that making the data may take


@dataclass(frozen=True)
class Installation:
    """Where its data are and what its programs find in their environment."""

    folder: Path
    environment: dict[str, str]

    @property
    def database_url(self) -> str:
        return self.environment["WEEKAPP_DATABASE_URL"]


@contextmanager
def installation(activities: int) -> Iterator[Installation]:
    """With so many activities, and hardly any orders; gone at the end of the block. With 0 activities it has no edition either."""
    with tempfile.TemporaryDirectory(prefix="weekapp-bench-") as name:
        folder = Path(name)
        environment = environment_for(folder, f"sqlite:///{folder}/weekapp.db", "memory://")
        run(environment, "prepare")
        if activities:
            run(environment, "demo", "--activities", str(activities), "--orders", "10")
        yield Installation(folder, environment)


def written_ahead(where: Installation, base_url: str) -> None:
    """What feeds are joined from is there before anybody asks, as the worker sees to."""
    app = create_app(Settings.from_mapping(where.environment | {"WEEKAPP_BASE_URL": base_url}))
    with app.app_context():
        service.write_ahead(base_url)
        db.engine.dispose()


def run(environment: dict[str, str], *arguments: str) -> None:
    """`flask --app wsgi ...`; its output is the message when it fails."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"flask {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
