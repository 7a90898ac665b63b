import pytest

from weekapp.moderation.rules import REASON_WORDS, SIGN_WORDS, Reason, Remark, Sign, remarks


@pytest.mark.parametrize(
    ("text", "sign", "found"),
    [
        ("Voor eenzame ouderen", Sign.LONELY, "eenzame"),
        ("Week tegen Eenzaamheid", Sign.LONELY, "Eenzaamheid"),
        ("Kijk op www.voorbeeld.nl.", Sign.WEB_ADDRESS, "www.voorbeeld.nl"),
        ("Kijk op https://voorbeeld.example/soep", Sign.WEB_ADDRESS, "https://voorbeeld.example/soep"),
        ("Zie voorbeeld.nl voor meer", Sign.WEB_ADDRESS, "voorbeeld.nl"),
        ("Mail naar sam@voorbeeld.nl!", Sign.MAIL_ADDRESS, "sam@voorbeeld.nl"),
        ("Bel 06 12 34 56 78", Sign.PHONE, "06 12 34 56 78"),
        ("Bel 030-1234567 of kom langs", Sign.PHONE, "030-1234567"),
        ("Het kost € 5,00 per keer", Sign.PRICE, "€ 5,00"),
        ("Slechts 12 euro", Sign.PRICE, "12 euro"),
    ],
)
def test_signs_are_found_with_the_words_around_them(text, sign, found):
    assert remarks(text) == [Remark(sign, found)]


@pytest.mark.parametrize(
    "text",
    [
        "We koken soep en eten samen aan een lange tafel.",
        "Van 10.00 tot 12.00 uur, op 30 september 2027.",
        "Met z'n tweeën? Kom erbij!Iedereen is welkom.",
        "Er zijn 40 plaatsen. De zaal ligt aan de A12, afslag 15.",
    ],
)
def test_ordinary_texts_raise_no_remark(text):
    assert remarks(text) == []


def test_the_same_words_are_named_once():
    assert len(remarks("www.voorbeeld.nl en nog eens www.voorbeeld.nl")) == 1


def test_every_sign_and_reason_has_words():
    assert set(SIGN_WORDS) == set(Sign)
    assert set(REASON_WORDS) == set(Reason)
