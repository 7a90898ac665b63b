"""Parcels as rows, for tests of files that need no database."""

from datetime import date

from weekapp.batches.rows import Row


def parcel(number: int = 1, **more: object) -> Row:
    """One parcel with an ordinary address."""
    values = {
        "number": f"KE27-{number:05d}",
        "quantity": 1,
        "needed_by": date(2027, 9, 23),
        "recipient": "Buurthuis De Linde",
        "attention": "Sanne de Vries",
        "branch": "",
        "street": "Voorbeeldstraat",
        "house_number": 12,
        "letter": "",
        "addition": "",
        "postcode": "3511 LX",
        "town": "Utrecht",
        "email": "sanne@voorbeeld.nl",
        "phone": "0612345678",
        "package": "Kom Erbij-pakket",
        "items": (("Placemats", 50), ("Poster", 1)),
    }
    return Row(**(values | more))  # type: ignore[arg-type]


def awkward() -> list[Row]:
    """What golden files are made of: names with accents, all parts of house numbers, delimiters and quotes inside cells."""
    return [
        parcel(1),
        parcel(2, attention="Łukasz Şahin", recipient="Bibliotheek Đặng & Co", house_number=7, letter="A", addition="bis", quantity=2),
        parcel(
            3,
            attention="",
            recipient='Stichting "Samen; aan tafel", Zuid',
            branch="Jeugd",
            house_number=103,
            addition="2",
            phone="0301234567",
        ),
        parcel(4, recipient="Zorghuis IJsselzicht", attention="Zoë Ğül", town="'s-Hertogenbosch", postcode="5211 AB", email="", phone=""),
    ]
