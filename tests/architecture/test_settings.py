"""docs/settings.md: each setting of weekapp.config, with its default, and nothing else."""

import re
from dataclasses import MISSING, Field, fields
from datetime import time
from pathlib import Path

import pytest

from tests.architecture.catalogue import ROOT
from weekapp.config import PREFIX, Settings, WrongSettings

ROW = re.compile(rf"^\| `{PREFIX}([A-Z_]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def documented() -> dict[str, tuple[str, str]]:
    """Name: default and meaning, as the table says."""
    return {name.lower(): (default, meaning) for name, default, meaning in ROW.findall((ROOT / "docs" / "settings.md").read_text())}


def spelled(field: Field[object]) -> str | None:
    """The default as the table should write it; None where it depends on other settings."""
    if field.default is MISSING:
        return None
    if isinstance(field.default, bool):
        return f"`{int(field.default)}`"
    if isinstance(field.default, time):
        return f"`{field.default:%H:%M}`"
    return f"`{field.default}`" if field.default != "" else "empty"


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert set(documented()) == {field.name for field in fields(Settings)}


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_the_documented_default_is_the_real_one(field: Field[object]) -> None:
    default, meaning = documented()[field.name]
    assert meaning.strip()
    if spelled(field) is not None:
        assert default == spelled(field)


def test_environment_is_read_in_one_place_only() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("weekapp", "fulfilment")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text()) and path.name != "config.py"
    ]
    assert readers == []


def made(**given: str) -> Settings:
    return Settings.from_mapping({PREFIX + name: text for name, text in given.items()})


def test_start_is_refused_without_a_secret_key() -> None:
    with pytest.raises(WrongSettings, match="WEEKAPP_SECRET_KEY"):
        made()


def test_start_is_refused_with_demo_on_a_public_address() -> None:
    with pytest.raises(WrongSettings, match="WEEKAPP_DEMO"):
        made(SECRET_KEY="x" * 40, DEMO="1", BASE_URL="https://komerbij.example.org")


def test_start_is_refused_with_a_short_key_on_a_public_address() -> None:
    with pytest.raises(WrongSettings, match="too short"):
        made(SECRET_KEY="short", BASE_URL="https://komerbij.example.org")


def test_a_name_that_does_not_exist_is_taken_for_a_typing_mistake() -> None:
    with pytest.raises(WrongSettings, match="WEEKAPP_BASEURL"):
        made(SECRET_KEY="x", BASEURL="http://127.0.0.1")


def test_a_value_that_cannot_be_read_names_the_setting() -> None:
    with pytest.raises(WrongSettings, match="WEEKAPP_CUTOFF"):
        made(SECRET_KEY="x", CUTOFF="half six")


def test_the_data_folder_is_absolute_so_that_every_process_finds_it(tmp_path: Path) -> None:
    assert made(SECRET_KEY="x", DATA_DIR="somewhere").data_dir.is_absolute()
