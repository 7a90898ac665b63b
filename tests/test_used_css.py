"""The part of Bootstrap that our pages use."""

import re

import pytest

from weekapp.assets import GROUND, asset, folder_of, ground
from weekapp.used_css import used_part

WORDS = frozenset({"btn", "btn-primary", "spinner"})


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".btn{a:b}.badge{a:b}", ".btn{a:b}"),
        (".badge,.btn:hover{a:b}", ".btn:hover{a:b}"),
        (".btn-check:checked+.btn{a:b}", ""),
        (".btn:not(.disabled){a:b}", ".btn:not(.disabled){a:b}"),
        ("h1,.h1{a:b}", "h1{a:b}"),
        ("@media (min-width:1px){.badge{a:b}}", ""),
        ("@media (min-width:1px){.badge{a:b}.btn{a:b}}", "@media (min-width:1px){.btn{a:b}}"),
        ('[data-bs-theme=dark] .btn{a:b}[data-bs-theme="dark"]{a:b}', ""),
        ("@keyframes turn{to{a:b}}.badge{animation:1s turn}", ""),
        ("@keyframes turn{to{a:b}}.spinner{animation:1s turn}", "@keyframes turn{to{a:b}}.spinner{animation:1s turn}"),
        ('@charset "UTF-8";/*! a comment with { */.btn{a:b}', ".btn{a:b}"),
    ],
)
def test_only_what_names_our_words_stays(css, kept):
    assert used_part(css, WORDS) == kept


def test_a_brace_that_is_never_closed_stops_the_start():
    with pytest.raises(ValueError, match="never closed"):
        used_part(".btn{a:b", WORDS)


def test_pages_get_it_under_an_address_that_changes_with_it(client):
    answer = client.get(asset(GROUND))
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.data == ground()[0]
    assert client.get("/assets/ground/000000000000/ground.css").status_code == 404


def test_each_class_of_a_page_that_bootstrap_knows_is_in_it(client):
    """Also those that a template puts together from parts."""
    whole = (folder_of("bootstrap")[0] / "css/bootstrap.min.css").read_text()
    known, used = (set(re.findall(r"\.([a-z][\w-]*)", css)) for css in (whole, ground()[0].decode()))
    for path in ("/", "/activiteiten", "/kaart", "/gemeenten", "/inloggen", "/meedoen", "/open-data", "/privacy", "/afmelden"):
        named = {name for found in re.findall(r'class="([^"]*)"', client.get(path).text) for name in found.split()}
        assert named & known - used == set(), path
