"""A site of its own for each size: a fresh folder with demo data, and the real server processes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT, environment_for

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


def run(environment: dict[str, str], *arguments: str) -> None:
    """`flask --app wsgi ...`; its output is the message when it fails."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"flask {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
