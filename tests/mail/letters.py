"""Values for every mail there is, so that tests can go through them all."""

LETTERS = {
    "sign_in_link": {"name": "Sam", "link": "https://komerbij.example/inloggen/link/abc"},
    "sign_in_unknown": {"link": "https://komerbij.example/meedoen"},
    "sign_in_staff": {"link": "https://komerbij.example/inloggen"},
    "confirm_registration": {
        "name": "Sam",
        "title": "Samen soep eten",
        "link": "https://komerbij.example/meedoen/bevestigen/abc",
        "valid_until": "donderdag 5 augustus",
    },
    "registration_received": {
        "name": "Sam",
        "title": "Samen soep eten",
        "order": "KE27-00001",
        "link": "https://komerbij.example/mijn",
    },
    "activity_published": {
        "name": "Sam",
        "title": "Samen soep eten",
        "url": "https://komerbij.example/activiteiten/1-samen-soep-eten",
        "order_words": "Bestelling KE27-00001: Je bestelling is goed.",
        "link": "https://komerbij.example/mijn",
    },
    "activity_returned": {
        "name": "Sam",
        "title": "Samen soep eten",
        "reason": "Controleer het adres.\nVertel wat meer.",
        "link": "https://komerbij.example/mijn",
    },
    "order_shipped": {"number": "KE27-00001", "title": "Samen soep eten", "link": "https://komerbij.example/mijn"},
    "order_held": {
        "number": "KE27-00001",
        "title": "Samen soep eten",
        "reason": "Het adres is een postbus.",
        "link": "https://komerbij.example/mijn",
    },
    "batch_alarm": {"batch": "12", "problem": "De bestanden zijn niet gemaakt.", "link": "https://komerbij.example/logistiek"},
}
