"""The files of a batch as logistics look for them: by what they are for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from weekapp.batches.models import Artefact
from weekapp.batches.papers import SHEETS, SLIPS, kind_of
from weekapp.errors import N_


@dataclass(frozen=True)
class Group:
    """Files for one purpose; `start` is how their names begin."""

    start: str
    heading: str
    text: str
    files: list[Artefact] = field(default_factory=list)


GROUPS = (
    ("picklijst", N_("Picklijst"), N_("Wat je uit het magazijn haalt. Eerst alles bij elkaar, dan per bestelling.")),
    ("pakbonnen", N_("Pakbonnen"), N_("Voor in de doos. Eén pagina per bestelling.")),
    ("etiketten-10x15", N_("Etiketten van 10 bij 15 cm"), N_("Voor een labelprinter. Eén etiket per pagina.")),
    ("etiketten-a4", N_("Etiketten op A4"), N_("Voor vellen met 14 etiketten: Avery L7163.")),
    ("vervoerder", N_("Bestand voor de vervoerder"), N_("Dit lees je in bij de vervoerder.")),
    ("bestellingen", N_("Alle bestellingen"), N_("Om een adres op te zoeken.")),
    ("manifest", N_("Controlegetallen"), N_("Hiermee kun je zien dat er niets is veranderd.")),
)


def grouped(artefacts: Iterable[Artefact]) -> list[Group]:
    """The files by what they are for, without the ZIP, which has a button of its own."""
    groups = [Group(start, heading, text) for start, heading, text in GROUPS]
    for artefact in artefacts:
        for group in groups:
            if artefact.name.startswith(group.start):
                group.files.append(artefact)
    return [group for group in groups if group.files]


def can_start_elsewhere(artefact: Artefact) -> bool:
    """Whether a file can begin on another position of its first sheet."""
    return kind_of(artefact.name) == SHEETS


def can_be_larger(artefact: Artefact) -> bool:
    """Whether a file can be printed on A4 instead of A5."""
    return kind_of(artefact.name) == SLIPS
