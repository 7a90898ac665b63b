"""Pieces to copy for the website of a municipality, made for that municipality."""

from dataclasses import dataclass

from slugify import slugify

from weekapp.activities.choices import municipalities_by_province
from weekapp.activities.filters import Filters, address
from weekapp.activities.rules import Audience, Theme
from weekapp.activities.short import feed_address
from weekapp.errors import N_
from weekapp.geography.reference import MunicipalityRow

SCRIPT = """<ul id="kom-erbij"></ul>
<script>
fetch("%s")
  .then((antwoord) => antwoord.json())
  .then((bladzijde) => {
    const eerst = (activiteit) => activiteit.momenten[0].begin;
    bladzijde.activiteiten.sort((a, b) => eerst(a).localeCompare(eerst(b)));
    for (const activiteit of bladzijde.activiteiten) {
      const link = document.createElement("a");
      link.href = activiteit.url;
      link.textContent = activiteit.titel;
      const begin = new Date(eerst(activiteit));
      const dag = begin.toLocaleDateString("nl-NL", { dateStyle: "full", timeZone: "Europe/Amsterdam" });
      const regel = document.createElement("li");
      regel.append(link, ", ", dag, activiteit.afgelast ? " (gaat niet door)" : "");
      document.getElementById("kom-erbij").append(regel);
    }
  });
</script>"""
FRAME = """<iframe src="%s" title="Kom erbij in %s" width="100%%" height="700" loading="lazy"></iframe>"""


@dataclass(frozen=True, slots=True)
class Examples:
    """Addresses and pieces of HTML that work as they are."""

    frame: str
    script: str
    sheet: str
    google_sheet: str
    calendar: str
    list_by_api: str


def examples(row: MunicipalityRow, base_url: str) -> Examples:
    """Those of one municipality."""
    filters = Filters(gemeente=(row,))
    list_by_api = f"{base_url}/api/v1/activiteiten?gemeentecode={row.code}"
    sheet = base_url + address("/activiteiten.csv", filters)
    return Examples(
        frame=FRAME % (base_url + address("/kaart/insluiten", filters), row.name),
        script=SCRIPT % list_by_api,
        sheet=sheet,
        google_sheet=f'=IMPORTDATA("{sheet}"; ";")',
        calendar=f"{base_url}/gemeenten/{row.slug}.ics",
        list_by_api=list_by_api,
    )


@dataclass(frozen=True, slots=True)
class ShortAddress:
    """A kind of search with short addresses: one that works, and the names that can stand in it where there are few."""

    what: str
    example: str
    choices: tuple[str, ...] = ()


def short_addresses(row: MunicipalityRow, base_url: str) -> list[ShortAddress]:
    """All kinds but organisations, whose addresses nobody can guess."""
    provinces = tuple(slugify(name) for name in municipalities_by_province())
    return [
        ShortAddress(N_("Een gemeente"), base_url + feed_address("ics", Filters(gemeente=(row,)))),
        ShortAddress(N_("Een provincie"), base_url + feed_address("ics", Filters(provincie=(row.province,))), provinces),
        ShortAddress(N_("Een soort activiteit"), base_url + feed_address("ics", Filters(thema=(Theme.EATING,))), tuple(Theme)),
        ShortAddress(N_("Een doelgroep"), base_url + feed_address("ics", Filters(doelgroep=(Audience.OLDER,))), tuple(Audience)),
    ]
