"""Makes `.venv` and installs the locked packages in it: `python3 .ci/bootstrap.py run` (or `test`).

Needs nothing but Python 3.11: where the system has no `python3-venv`, the environment is made without pip and the
pip of the system, or the wheel that the system's ensurepip carries, installs into it. Doing it twice costs nothing: a stamp holds the
hash of the lock file that was installed.
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


def main(what: str) -> None:
    """Bring `.venv` in step with `.ci/lock/<what>.txt`."""
    lock = ROOT / ".ci" / "lock" / f"{what}.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if is_installed(what, wanted):
        return
    if sys.version_info < (3, 11):
        sys.exit(f"weekapp needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    if not works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        make_environment()
    print(f"Installing the packages of {lock.relative_to(ROOT)} ...", flush=True)
    subprocess.run([*pip(), "install", "--quiet", "--require-hashes", "--requirement", str(lock)], check=True)
    (VENV / f"installed-{what}").write_text(wanted)


def is_installed(what: str, wanted: str) -> bool:
    """Both locks hold the same versions (the second is made with the first as constraint), so the stamps do not clash."""
    stamp = VENV / f"installed-{what}"
    return works(PYTHON) and stamp.exists() and stamp.read_text() == wanted


def works(python: Path) -> bool:
    return python.exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0


def make_environment() -> None:
    """With pip when ensurepip is there, else without: `pip()` then finds another one."""
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], check=True)


def pip() -> list[str]:
    """The command that installs into the environment."""
    if answers([str(PYTHON), "-m", "pip", "--version"]):
        return [str(PYTHON), "-m", "pip"]
    if answers([sys.executable, "-m", "pip", "--version"]):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    for folder in ("/usr/share/python-wheels", "/usr/lib/python3/dist-packages"):
        for wheel in sorted(Path(folder).glob("pip-*.whl"), reverse=True):
            return [str(PYTHON), str(wheel / "pip")]
    sys.exit("No pip was found. Install it (on Debian: apt-get install python3-pip) and try again.")


def answers(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    os.chdir(ROOT)
    main(sys.argv[1])
