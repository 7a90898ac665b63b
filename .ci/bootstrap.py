"""Makes `.venv` and installs the locked packages in it: `python3 .ci/bootstrap.py run` (or `test`).

Needs nothing but Python 3.11 and a pip from anywhere: where the system has no `python3-venv`, the environment is made without pip, and
the pip of the system, or the wheel that the system's ensurepip carries, installs into it. The Python of the system stays as it is, also
when it is externally managed. Doing it twice costs nothing: a stamp holds the hash of the lock file that was installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MADE_AT = VENV / "made-at"  # programs in it begin with this path: a copied or moved tree needs a new one
WHEELS = ("/usr/share/python-wheels", "/usr/lib/python3/dist-packages", "/usr/share/python3-wheels")
INSTALL = ("install", "-qq", "--no-cache-dir", "--disable-pip-version-check", "--no-input", "--require-hashes", "--requirement")
CONTAINS = {"run": ("run",), "test": ("test", "run")}  # both locks hold the same versions


def main(what: str) -> None:
    """Bring `.venv` in step with `.ci/lock/<what>.txt`."""
    if sys.version_info < (3, 11):  # noqa: UP036 this file is run by whatever Python there is
        sys.exit(f"weekapp needs Python 3.11 or newer; this is {sys.version.split()[0]}. Name another one: make {what} PYTHON=python3.11")
    if is_usable() and stamp(what).exists() and stamp(what).read_text() == digest(what):
        return
    if not is_usable():
        shutil.rmtree(VENV, ignore_errors=True)
        make_environment()
    print(f"Installing the packages of .ci/lock/{what}.txt in .venv (once; it takes a minute or so) ...", flush=True)
    if subprocess.run([*pip(), *INSTALL, str(lock(what))], check=False).returncode != 0:
        sys.exit("The packages were not installed: see above. With a connection to a package index, try again.")
    for each in CONTAINS[what]:
        stamp(each).write_text(digest(each))


def lock(what: str) -> Path:
    return ROOT / ".ci" / "lock" / f"{what}.txt"


def stamp(what: str) -> Path:
    return VENV / f"installed-{what}"


def digest(what: str) -> str:
    return hashlib.sha256(lock(what).read_bytes()).hexdigest()


def is_usable() -> bool:
    """Whether there is an environment that was made in this place, with a Python that still exists."""
    is_ours = not MADE_AT.exists() or MADE_AT.read_text() == str(VENV)
    return is_ours and PYTHON.exists() and answers(str(PYTHON), "-c", "")


def make_environment() -> None:
    """With pip when ensurepip is there, else without: `pip()` then finds another one."""
    if not answers(sys.executable, "-m", "venv", str(VENV)):
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], check=True)
    MADE_AT.write_text(str(VENV))


def pip() -> list[str]:
    """The command that installs into the environment."""
    if answers(str(PYTHON), "-m", "pip", "--version"):
        return [str(PYTHON), "-m", "pip"]
    if answers(sys.executable, "-m", "pip", "--python", str(PYTHON), "--version"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    for folder in WHEELS:
        for wheel in sorted(Path(folder).glob("pip-*.whl"), reverse=True):
            return [str(PYTHON), str(wheel / "pip")]
    sys.exit("No pip was found. Install it (on Debian: apt-get install python3-pip, or python3-venv) and try again.")


def answers(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    os.chdir(ROOT)
    main(sys.argv[1])
