"""What is in the repository: no secrets, no names of machines or package indexes, and lock files in step with pyproject.toml."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.catalogue import ROOT

LOCKS = ROOT / ".ci" / "lock"
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".html", ".css", ".js", ".cfg", ".ini", ".mako", ".typ", ".sh", ""}
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a token of a code host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[\w-]{20,})"),
    "a cloud key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a package index": re.compile(r"(?<!no-emit-)(?<!re\.compile\(r\")--(?:extra-)?index-url|files\.pythonhosted\.org|pypi\.org/simple"),
    "two sides of a merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work)/[\w.]"),
}


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the repository; in a tree without git, all that .gitignore would let through."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())
    out = {".venv", "instance", ".git", "__pycache__", ".hypothesis", ".ruff_cache"}
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not out & set(path.relative_to(ROOT).parts))


def texts() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace"))
        for path in tracked()
        if path.suffix in TEXT and path != Path(__file__)
    ]


@pytest.mark.parametrize("kind", SECRETS)
def test_no_tracked_file_holds(kind: str) -> None:
    assert [name for name, text in texts() if SECRETS[kind].search(text)] == []


def test_nothing_that_a_run_makes_is_tracked() -> None:
    made = {"instance", ".venv", "__pycache__"}
    assert [str(path) for path in tracked() if made & set(path.relative_to(ROOT).parts) or path.suffix in {".db", ".eml", ".pyc"}] == []


def test_lock_files_name_no_host() -> None:
    for lock in LOCKS.glob("*.txt"):
        assert "://" not in lock.read_text(), lock.name


def locked(name: str) -> dict[str, str]:
    """Package: version."""
    lines = re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", (LOCKS / f"{name}.txt").read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in lines}


def asked(extra: str | None = None) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(line) for line in project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])]


@pytest.mark.parametrize(("lock", "extra"), [("run", None), ("test", "test")])
def test_every_package_of_pyproject_is_locked_at_a_version_that_fits(lock: str, extra: str | None) -> None:
    found = locked(lock)
    wrong = [str(one) for one in asked(extra) if not one.specifier.contains(found.get(canonicalize_name(one.name), "0"), prereleases=True)]
    assert wrong == [], "run `make lock`"


def test_both_locks_hold_the_same_versions() -> None:
    run, test = locked("run"), locked("test")
    assert {name: version for name, version in run.items() if test.get(name) != version} == {}, "run `make lock`"


@pytest.mark.parametrize("lock", ["run", "test"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", (LOCKS / f"{lock}.txt").read_text().strip())
    assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_every_package_of_pyproject_is_used() -> None:
    """A package that nobody imports is a package less to keep up to date. Some are programs, or carry files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    code = "\n".join(text for name, text in texts() if name.endswith((".py", "Makefile")) and not name.startswith("tests/"))
    by_others = {"cryptography", "psycopg"}  # by the TOTP library and by SQLAlchemy
    import_names = {
        "Bootstrap-Flask": "flask_bootstrap",
        "XStatic-Leaflet-MarkerCluster": "xstatic.pkg.leaflet_markercluster",
        "argon2-cffi": "argon2",
        "celery-redbeat": "redbeat",
        "django-js-lib-leaflet": "js_lib_leaflet",
        "pillow": "PIL",
        "python-barcode": "barcode",
        "python-slugify": "slugify",
        "python-stdnum": "stdnum",
        "tzdata": "zoneinfo",
    }
    unused = [
        one.name
        for one in map(Requirement, project["dependencies"])
        if one.name not in by_others and import_names.get(one.name, one.name.replace("-", "_").lower()) not in code
    ]
    assert unused == [], "take it out of pyproject.toml and run `make lock`"
