"""All pages that people see, each in the states in which they meet it: empty, filled, and after a mistake (A11Y-03)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A page, who opens it on which site, and what is typed and pressed there first. `{name}` stands for what `filling` noted."""

    path: str
    role: str = ""
    site: str = "full"
    typed: Mapping[str, str] = field(default_factory=dict)  # name of the field: text
    press: str = ""  # words of a button
    wait: str = ""  # what a script puts on the page

    @property
    def name(self) -> str:
        """As a message names it."""
        return " ".join(part for part in (self.path, self.role and f"as {self.role}", self.press and f'after "{self.press}"') if part) + (
            f" (site: {self.site})" if self.site != "full" else ""
        )


MAP_READY = ".pin, .cluster"
PUBLIC = (
    Place("/"),
    Place("/en/"),
    Place("/zoek?waar=Haren"),
    Place("/activiteiten"),
    Place("/en/activiteiten"),
    Place("/activiteiten?pagina=2"),
    Place("/activiteiten?gratis=1&rolstoel=1&q=eten"),
    Place("/activiteiten?q=zzzzzz"),
    Place("/activiteiten?dag=gisteren"),
    Place("/activiteiten/insluiten"),
    Place("/activiteiten/{public}"),
    Place("/activiteiten/{signing_up}"),
    Place("/activiteiten/{off}"),
    Place("/activiteiten/{former}"),
    Place("/kaart", wait=MAP_READY),
    Place("/kaart?q=zzzzzz"),
    Place("/kaart?dag=gisteren"),
    Place("/kaart/insluiten", wait=MAP_READY),
    Place("/gemeenten"),
    Place("/gemeenten/utrecht"),
    Place("/gemeenten/vlieland"),
    Place("/gemeenten/haren"),
    Place("/bijeenkomsten"),
    Place("/bijeenkomsten/{opening}"),
    Place("/bijeenkomsten/{called_off}"),
    Place("/archief"),
    Place("/cijfers"),
    Place("/archief/2026"),
    Place("/archief/2026/utrecht"),
    Place("/open-data"),
    Place("/privacy"),
    Place("/toegankelijkheid"),
    Place("/bestaat-niet"),
)
RESIDENT = (
    Place("/activiteiten/{public}/fout-melden"),
    Place("/activiteiten/{public}/fout-melden", press="Verstuur"),
    Place("/activiteiten/{public}/fout-melden", typed={"mistake": "time"}, press="Verstuur"),
    Place("/activiteiten/{signing_up}/aanmelden"),
    Place("/activiteiten/{filled_up}/aanmelden"),
    Place("/activiteiten/{signing_up}/aanmelden", press="Meld mij aan"),
    Place("/activiteiten/{signing_up}/aanmelden", typed={"first_name": "Jan", "email": "jan@voorbeeld.nl"}, press="Meld mij aan"),
    Place("/activiteiten/{signing_up}/aanmelden", typed={"first_name": "Els", "phone": "06 12345679"}, press="Meld mij aan"),
    Place("/bijeenkomsten/{opening}/aanmelden"),
    Place("/bijeenkomsten/{opening}/aanmelden", press="Meld mij aan"),
    Place("{link_to_session}"),
    Place("{link_asked}"),
    Place("{link_confirmed}"),
    Place("{link_queued}"),
    Place("/aanmelding/onzin"),
    Place("{link_came}"),
    Place("{link_waiting}"),
    Place("{link_gone}"),
    Place("/afmelden"),
    Place("/afmelden", press="Meld mij af"),
)
SIGNING_IN = (
    Place("/inloggen"),
    Place("/inloggen", press="Stuur mij een link"),
    Place("/inloggen", press="Ga verder"),
    Place("/inloggen", role="initiator"),
    Place("/inloggen/verstuurd"),
    Place("{sign_in}"),
    Place("/inloggen/link/onzin"),
    Place("/uitgelogd"),
    Place("/mijn"),
    Place("/inloggen/herstelcodes", role="moderator"),
)
REGISTERING = (
    Place("/meedoen"),
    Place("/meedoen/activiteit"),
    Place("/meedoen/activiteit", press="Bewaar en ga verder"),
    Place("/meedoen/{draft}/activiteit"),
    Place("/meedoen/{draft}/plaats-en-tijd"),
    Place("/meedoen/{draft}/plaats-en-tijd", typed={"postcode": "12", "house_number": ""}, press="Bewaar en ga verder"),
    Place("/meedoen/{draft}/over-jou"),
    Place("/meedoen/{draft}/over-jou", typed={"name": "", "email": "noor", "phone": ""}, press="Bewaar en ga verder"),
    Place("/meedoen/{draft}/pakket"),
    Place("/meedoen/{draft}/pakket", typed={"wanted": "ja", "quantity": "0"}, press="Bewaar en ga verder"),
    Place("/meedoen/{draft}/controleren"),
    Place("/meedoen/{sent}/verstuurd"),
    Place("{unconfirmed}"),
    Place("{confirmed}"),
    Place("/meedoen/onzin/controleren"),
    Place("{still_on}"),
    Place("/gaat-het-door/onzin"),
    Place("{invitation}"),
    Place("{invitation}", press="Ja, ik doe mee"),
)
INITIATOR = tuple(
    Place(path, "initiator", press=press)
    for path, press in (
        ("/mijn", ""),
        ("/mijn/activiteiten/{public}", ""),
        ("/mijn/activiteiten/{off}", ""),
        ("/mijn/activiteiten/{waits}", ""),
        ("/mijn/activiteiten/{returned}", ""),
        ("/mijn/activiteiten/{returned}/aanpassen", ""),
        ("/mijn/activiteiten/{public}/wijzigen", ""),
        ("/mijn/activiteiten/{public}/gaat-niet-door", ""),
        ("/mijn/activiteiten/{public}/gaat-niet-door", "Verstuur"),
        ("/mijn/activiteiten/{public}/momenten/{moment}/gaat-niet-door", ""),
        ("/mijn/activiteiten/{signing_up}/aanmeldingen", ""),
        ("/mijn/activiteiten/{signing_up}/aanmeldingen/{came}", ""),
        ("/mijn/activiteiten/{signing_up}/aanmeldingen/nieuw", ""),
        ("/mijn/activiteiten/{signing_up}/aanmeldingen/nieuw", "Meld aan"),
        ("/mijn/activiteiten/{signing_up}/aanmeldingen/instellen", ""),
        ("/mijn/organisaties/{organisation}", ""),
        ("/mijn/organisaties/{organisation}", "Verstuur de uitnodiging"),
        ("/mijn/organisaties/{organisation}/weggaan", ""),
        ("/mijn/bestellingen/{own_order}/wijzigen", ""),
        ("/bestellen", ""),
        ("/bestellen/{unordered}", ""),
        ("/bestellen/{unordered}", "Bestel het pakket"),
    )
)
DESK = tuple(
    Place(path, role, press=press)
    for role, path, press in (
        ("moderator", "/beheer", ""),
        ("moderator", "/beheer/moderatie", ""),
        ("moderator", "/beheer/moderatie/{waits}", ""),
        ("moderator", "/beheer/moderatie/{waits}", "Stuur terug"),
        ("moderator", "/beheer/moderatie/teksten/{text}", ""),
        ("moderator", "/beheer/activiteiten/{public}/geschiedenis", ""),
        ("moderator", "/beheer/meldingen", ""),
        ("moderator", "/beheer/gemeenten", ""),
        ("moderator", "/beheer/niet-bevestigd", ""),
        ("moderator", "/logistiek", ""),  # not allowed
        ("municipality", "/beheer/gemeenten/eigen", ""),
        ("manager", "/beheer/gemeenten/utrecht", ""),
        ("manager", "/beheer/edities", ""),
        ("manager", "/beheer/edities/2027", ""),
        ("manager", "/beheer/bijeenkomsten", ""),
        ("manager", "/beheer/bijeenkomsten/{opening}", ""),
        ("manager", "/beheer/bijeenkomsten/{called_off}", ""),
        ("manager", "/beheer/bijeenkomsten/{opening}/aanmeldingen", ""),
        ("manager", "/beheer/bijeenkomsten/{opening}/wijzigen", ""),
        ("manager", "/beheer/bijeenkomsten/{opening}/gaat-niet-door", ""),
        ("manager", "/beheer/bijeenkomsten/nieuw", ""),
        ("manager", "/beheer/bijeenkomsten/nieuw", "Bewaar"),
        ("manager", "/beheer/bijeenkomsten/{opening}/sessies/{session}", ""),
        ("manager", "/beheer/bijeenkomsten/{opening}/sessies/{session}/gaat-niet-door", ""),
        ("manager", "/beheer/bijeenkomsten/{opening}/sessies/nieuw", ""),
        ("manager", "/beheer/bijeenkomsten/{opening}/sessies/nieuw", "Bewaar de sessie"),
        ("manager", "/beheer/pakketten", ""),
        ("manager", "/beheer/pakketten/1", ""),
        ("manager", "/beheer/pakketten/1/nieuwe-versie", ""),
        ("manager", "/beheer/pakketten/1/foto", ""),
        ("manager", "/beheer/pakketten/nieuw", ""),
        ("manager", "/beheer/pakketten/nieuw", "Maak het pakket"),
        ("manager", "/beheer/pakketten/onderdelen", ""),
        ("manager", "/beheer/pakketten/onderdelen", "Maak het onderdeel"),
        ("manager", "/beheer/pakketten/onderdelen/1", ""),
        ("manager", "/beheer/medewerkers", ""),
        ("manager", "/beheer/medewerkers/nieuw", ""),
        ("manager", "/beheer/medewerkers/nieuw", "Voeg toe"),
        ("manager", "/beheer/medewerkers/{person}", ""),
        ("logistics", "/logistiek", ""),
        ("logistics", "/logistiek/zoeken?q=voorbeeld", ""),
        ("logistics", "/logistiek/bestellingen", ""),
        ("logistics", "/logistiek/bestellingen/{order}", ""),
        ("logistics", "/logistiek/bestellingen/{held}", ""),
        ("logistics", "/logistiek/bestellingen/{order}/adres", ""),
        ("logistics", "/logistiek/batches", ""),
        ("logistics", "/logistiek/batches/{batch}", ""),
        ("logistics", "/logistiek/batches/controle", ""),
        ("logistics", "/logistiek/scannen", ""),
        ("logistics", "/logistiek/scannen", "Ingepakt"),
        ("logistics", "/logistiek/voorraad", ""),
        ("logistics", "/logistiek/voorraad/1", ""),
        ("logistics", "/logistiek/voorraad/1", "Boek in"),
        ("logistics", "/logistiek/retour", ""),
        ("logistics", "/logistiek/retour", "Upload en bekijk"),
        ("logistics", "/logistiek/retour/1", ""),
        ("logistics", "/logistiek/retour/2", ""),
        ("logistics", "/logistiek/retour/3", ""),
        ("logistics", "/logistiek/retour/4/kolommen", ""),
        ("logistics", "/logistiek/retour/4/kolommen", "Onthoud en lees het bestand"),
        ("logistics", "/logistiek/zendingen", ""),
        ("logistics", "/logistiek/zendingen", "Voeg toe"),
        ("logistics", "/logistiek/zendingen/1", ""),
        ("logistics", "/logistiek/te-laat", ""),
        ("", "/demo/post", ""),
    )
)
EMPTY = tuple(
    Place(path, role, "new")
    for role, paths in {
        "": (
            "/",
            "/activiteiten",
            "/kaart",
            "/kaart/insluiten",
            "/activiteiten/insluiten",
            "/gemeenten",
            "/gemeenten/utrecht",
            "/archief",
            "/bijeenkomsten",
            "/cijfers",
            "/meedoen",
        ),
        "initiator": ("/mijn", "/bestellen"),
        "moderator": ("/beheer", "/beheer/moderatie", "/beheer/meldingen"),
        "manager": ("/beheer/bijeenkomsten", "/beheer/edities", "/beheer/pakketten", "/beheer/medewerkers"),
        "logistics": (
            *("/logistiek", "/logistiek/bestellingen", "/logistiek/zoeken?q=niets", "/logistiek/batches", "/logistiek/batches/controle"),
            *("/logistiek/voorraad", "/logistiek/retour", "/logistiek/zendingen", "/logistiek/te-laat"),
        ),
    }.items()
    for path in paths
)
BETWEEN = tuple(Place(path, site="between") for path in ("/", "/activiteiten", "/meedoen", "/bestellen", "/archief"))
PLACES = PUBLIC + RESIDENT + SIGNING_IN + REGISTERING + INITIATOR + DESK + EMPTY + BETWEEN
