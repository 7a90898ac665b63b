"""Who may import whom: the contracts of pyproject.toml, and what they cannot say."""

import ast
from collections.abc import Iterator
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.catalogue import ROOT


def modules(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of what a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_contracts_of_pyproject_hold(capfd: object) -> None:
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS, "run `make check` for the chain of imports"


def test_only_app_imports_pages() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for folder in ("weekapp", "fulfilment")
        for path, tree in modules(folder)
        for name in imported(tree)
        if name.startswith("weekapp.") and name.endswith("views") and path.name != "app.py"
    ]
    assert wrong == [], "put what both need in a module without `views` in its name"


def test_every_module_says_in_one_sentence_what_it_holds() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for folder in ("weekapp", "fulfilment", ".ci")
        for path, tree in modules(folder)
        if not ast.get_docstring(tree)
    ]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
    assert [str(path.relative_to(ROOT)) for folder in ("weekapp", "fulfilment") for path, _ in modules(folder) if path.stem in empty] == []


def test_models_point_downwards_without_backrefs() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in modules("weekapp")
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in {"backref", "back_populates"}
    ]
    assert wrong == [], "a relationship is written once, on the side that holds the key"
