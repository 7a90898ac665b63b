"""What may come in as a picture, and what becomes of it."""

import io

import pytest
from PIL import Image

from tests.pictures.drawing import archive, phone_photo, photo
from weekapp.pictures import rules
from weekapp.pictures.rules import NoPicture, made_from


def opened(sent: bytes) -> Image.Image:
    return Image.open(io.BytesIO(made_from(sent).octets))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_whatever_it_was(kind):
    assert opened(photo(kind=kind)).format == "JPEG"


def test_nothing_but_the_image_is_kept():
    sent = phone_photo()
    assert b"Camera van Noor" in sent
    kept = made_from(sent).octets
    assert b"Camera" not in kept
    assert b"Voorbeeldstraat" not in kept
    assert dict(opened(sent).getexif()) == {}


def test_a_photo_that_lies_on_its_side_stands_upright():
    assert opened(phone_photo()).size == (600, 800)


def test_a_large_photo_becomes_smaller_and_keeps_its_shape():
    made = made_from(photo(4000, 3000))
    assert (made.width, made.height) == (1280, 960)


def test_what_is_transparent_becomes_white():
    file = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(file.getvalue()).getpixel((20, 20)) == (255, 255, 255)


def test_the_same_picture_has_the_same_name_and_another_one_another():
    assert made_from(photo()).digest == made_from(photo()).digest != made_from(photo(641)).digest


@pytest.mark.parametrize("sent", [b"\x00" * 4000, b"GIF89a" + b"\0" * 50, b"<?xml version='1.0'?>", photo(kind="BMP")])
def test_another_kind_of_file_is_refused_whatever_its_name(sent):
    with pytest.raises(NoPicture, match="geen foto die wij kennen"):
        made_from(sent)


def test_an_empty_file_is_refused():
    with pytest.raises(NoPicture, match="leeg"):
        made_from(b"")


def test_a_broken_photo_is_refused():
    sent = photo(kind="PNG")
    with pytest.raises(NoPicture, match="stuk"):
        made_from(sent[: len(sent) // 2])


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(NoPicture, match="te groot"):
        made_from(b"\0" * (rules.MOST_BYTES + 1))


def test_a_small_file_that_unpacks_to_a_huge_image_is_refused_before_it_is_unpacked():
    bomb = photo(12000, 12000, kind="PNG", mode="1")
    assert len(bomb) < 100_000
    with pytest.raises(NoPicture, match="te veel beeldpunten"):
        made_from(bomb)


@pytest.mark.parametrize(
    "tail", [archive(), b"<script>alert(1)</script>", b"<HTML><body>", b"%PDF-1.7 ", b"<?php system($_GET[0]);"], ids=lambda tail: tail[:8]
)
def test_a_picture_that_is_something_else_too_is_refused(tail):
    with pytest.raises(NoPicture, match="meer dan een foto"):
        made_from(photo() + tail)


def test_a_program_in_the_comment_of_a_photo_is_refused():
    with pytest.raises(NoPicture, match="meer dan een foto"):
        made_from(photo(comment=b"<script src=x></script>"))
