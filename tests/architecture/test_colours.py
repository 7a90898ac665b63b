"""Contrast of the colours of theme.css, light and dark (A11Y-12; WCAG 2.2, 1.4.3 text and 1.4.11 edges, icons and focus)."""

import re

import pytest

from tests.architecture.catalogue import ROOT

TEXT, EDGE = 4.5, 3.0
PAIRS = [  # (in front, behind, least)
    ("ink", "paper", TEXT),
    ("ink", "soft", TEXT),
    ("quiet", "paper", TEXT),
    ("quiet", "soft", TEXT),
    ("warm", "paper", TEXT),
    ("warm", "soft", TEXT),
    ("warm-dark", "paper", TEXT),
    ("warm-dark", "soft", TEXT),
    ("on-warm", "warm", TEXT),
    ("on-warm", "warm-dark", TEXT),
    ("calm", "paper", TEXT),
    ("calm", "soft", TEXT),
    ("good", "paper", TEXT),
    ("good", "soft", TEXT),
    ("wrong", "paper", TEXT),
    ("wrong", "soft", TEXT),
    ("bs-link-color-rgb", "paper", TEXT),
    ("bs-link-color-rgb", "soft", TEXT),
    ("bs-link-hover-color-rgb", "paper", TEXT),
    ("line", "paper", EDGE),
    ("line", "soft", EDGE),
    ("warm", "paper", EDGE),
]


def colours() -> dict[str, dict[str, tuple[int, int, int]]]:
    """The variables of :root for a light and a dark screen."""
    css = (ROOT / "weekapp" / "static" / "theme.css").read_text()
    light, dark = re.findall(r":root\s*{(.*?)}", css, re.DOTALL)[:2]
    assert css.index("prefers-color-scheme: dark") < css.index(dark)
    return {"light": variables(light), "dark": variables(light) | variables(dark)}


def variables(block: str) -> dict[str, tuple[int, int, int]]:
    found = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", block):
        if value.startswith("#"):
            digits = value[1:] if len(value) == 7 else "".join(2 * digit for digit in value[1:])
            found[name] = (int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))
        elif numbers := re.fullmatch(r"(\d+),\s*(\d+),\s*(\d+)", value.strip()):
            found[name] = (int(numbers[1]), int(numbers[2]), int(numbers[3]))
    return found


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "behind", "least"), PAIRS)
def test_colours_stand_out_enough(scheme: str, front: str, behind: str, least: float) -> None:
    known = colours()[scheme]
    assert contrast(known[front], known[behind]) >= least, f"{front} on {behind}: {contrast(known[front], known[behind]):.2f}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "soft"])  # the rings lie around a control, on the page
def test_one_of_the_two_rings_of_the_focus_stands_out_on_any_ground(scheme: str, ground: str) -> None:
    known = colours()[scheme]
    assert max(contrast(known["ink"], known[ground]), contrast(known["focus"], known[ground])) >= EDGE


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_files_of_features_use_the_variables_and_no_colours_of_their_own() -> None:
    """Else the dark scheme and this test would not know them. Drawings may have colours, and digits on them are white."""
    wrong = [
        f"{path.name}: {found}"
        for path in (ROOT / "weekapp" / "static").glob("*.css")
        if path.name not in {"theme.css", "map.css"}
        for found in re.findall(r"(?<![-\w])color:\s*(#[0-9a-fA-F]{3,8}|rgba?\([^)]*\))", path.read_text())
    ]
    assert wrong == []
