"""What a carrier's file says: cells in, lines or every problem at once out, with row number and reason (LOG-05)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from fulfilment.carrier.table import Cell, Table, Unreadable, open_table
from weekapp import clock
from weekapp.errors import N_
from weekapp.shipments import rules
from weekapp.shipments.rules import Columns, Problem, Status, Told

MOST_WORDS = 30  # different unknown words: more than that, and the column is not one of statuses
EXACT = 10**11  # Excel shows numbers of 12 digits and more abbreviated, and loses digits when it saves them as CSV
ABBREVIATED = re.compile(r"\d+([.,]\d+)?E\+\d+", re.IGNORECASE)
KEPT_AS_TEXT = re.compile(r"""=?"([^"]*)"|'(.*)""")  # ="3S..." and '3S...: ways to keep Excel from changing a code
DUTCH_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T, ]+(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?(?: uur)?)?")
DAY_ZERO = date(1899, 12, 30)  # of Excel's numbering of days
FIRST_SERIAL, LAST_SERIAL = 40_000, 73_000  # 2009 to 2099
FIRST_DAY = date(2009, 7, 6)
NOON = time(12)
LONGEST_SHOWN = 40

ROW_WITHOUT_BARCODE = N_("Er staat geen barcode.")
ABBREVIATED_BARCODE = N_(
    "De barcode is een getal geworden (%(value)s). Excel verliest dan cijfers. Gebruik het bestand van de vervoerder zelf."
)
DATE_AS_BARCODE = N_("De barcode is een datum geworden (%(value)s). Gebruik het bestand van de vervoerder zelf.")
WRONG_BARCODE = N_("Dit is geen barcode: %(value)s. Een barcode heeft 6 tot 40 letters en cijfers.")
WRONG_DATE = N_("Deze datum kunnen we niet lezen: %(value)s. Schrijf hem zo: 30-09-2027.")
DATE_AS_NUMBER = N_("De datum is een getal (%(value)s). Schrijf hem zo: 30-09-2027.")
FUTURE_DATE = N_("Deze datum ligt in de toekomst: %(value)s.")
DOUBLE_COLUMN = N_("De kolom %(name)s staat er twee keer in. Geef een van de twee een andere naam.")
TOO_MANY_WORDS = N_("In de kolom %(name)s staan te veel verschillende woorden. Kies een andere kolom voor de status.")
MISSING_COLUMNS = N_("Deze kolommen staan niet in het bestand: %(names)s.")
UNKNOWN_WORDS = N_("Deze woorden voor een status kennen we niet: %(words)s.")
EMPTY_STATUS = N_("Bij sommige rijen is de status leeg. Zeg wat dat betekent.")
NO_ROWS = N_("Onder de namen van de kolommen staat niets.")


@dataclass(frozen=True)
class Outcome:
    """What was read. `problems`: nothing of the file is used. `question`: staff must choose columns or say what words mean."""

    lines: tuple[Told, ...] = ()
    problems: tuple[Problem, ...] = ()
    header: tuple[str, ...] = ()
    question: str = ""
    question_values: Mapping[str, str] = field(default_factory=dict)
    unknown_words: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = ""


class Wrong(Exception):
    """A cell that cannot be read; `message` is a catalogue text with the place %(value)s."""

    def __init__(self, message: str, value: object = "") -> None:
        super().__init__(message)
        self.message, self.values = message, {"value": shown(value)} if "%(value)s" in message else {}


def parse(content: bytes, columns: Columns | None, today: date) -> Outcome:
    """Read a file with the columns of its carrier; without columns only its header is read, for staff to choose from."""
    try:
        with open_table(content) as table:
            header = tuple(name for name in table.header if name)
            if columns is None:
                return Outcome(header=header)
            absent = [
                name for name in (columns.reference, columns.barcode, columns.status, columns.date) if name and not is_in(name, table)
            ]
            if absent:
                return Outcome(header=header, question=MISSING_COLUMNS, question_values={"names": ", ".join(absent)})
            return read_rows(table, columns, today)
    except Unreadable as error:
        return Outcome(problems=(Problem(0, error.message, error.values),))


def is_in(name: str, table: Table) -> bool:
    """Whether a table has this column."""
    return rules.plain_word(name) in map(rules.plain_word, table.header)


def place_of(name: str, table: Table) -> int | None:
    """Where a column stands; None when it is not used. Raises Unreadable when two have this name."""
    plain = [rules.plain_word(column) for column in table.header]
    if not name:
        return None
    if plain.count(rules.plain_word(name)) > 1:
        raise Unreadable(DOUBLE_COLUMN, name=name)
    return plain.index(rules.plain_word(name))


def read_rows(table: Table, columns: Columns, today: date) -> Outcome:
    """All rows, and all that is wrong with them."""
    places = [place_of(name, table) for name in (columns.reference, columns.barcode, columns.status, columns.date)]
    lines, problems = list[Told](), list[Problem]()
    unknown_words = dict[str, None]()
    for number, cells in table.rows:
        reference, barcode, word, day = (cells[place] if place is not None and place < len(cells) else None for place in places)
        reader = RowReader(number, reference)
        if not reader.is_ours:
            lines.append(Told(number, reader.reference, shown(barcode), None))
            continue
        line = reader.read(barcode, word if columns.status else None, day, columns, today)
        problems += reader.problems
        if reader.unknown_word is not None:
            unknown_words[reader.unknown_word] = None
        if line:
            lines.append(line)
        if len(unknown_words) > MOST_WORDS:
            raise Unreadable(TOO_MANY_WORDS, name=columns.status)
    return outcome_of(table, lines, problems, list(unknown_words))


def outcome_of(table: Table, lines: Sequence[Told], problems: Sequence[Problem], unknown_words: Sequence[str]) -> Outcome:
    """Problems come before questions: what is wrong must be repaired in the file anyway."""
    header = tuple(name for name in table.header if name)
    if problems:
        return Outcome(problems=tuple(problems), header=header)
    if unknown_words:
        words = ", ".join(word for word in unknown_words if word)
        question, values = (UNKNOWN_WORDS, {"words": words[:200]}) if words else (EMPTY_STATUS, {})
        return Outcome(header=header, question=question, question_values=values, unknown_words=tuple(unknown_words))
    if not lines:
        return Outcome(problems=(Problem(0, NO_ROWS),), header=header)
    return Outcome(lines=tuple(lines), header=header, delimiter=table.delimiter, encoding=table.encoding)


class RowReader:
    """One row: what it says, or all that is wrong with it."""

    def __init__(self, number: int, reference: Cell) -> None:
        text = rules.clean_number(unwrapped(reference))
        self.is_ours = rules.is_order_number(text)
        self.number, self.reference = number, text if self.is_ours else shown(reference)
        self.problems: list[Problem] = []
        self.unknown_word: str | None = None

    def read(self, barcode: Cell, word: Cell, day: Cell, columns: Columns, today: date) -> Told | None:
        """The line; None when something is wrong (`problems`) or asked (`unknown_word`)."""
        code, at = "", None
        try:
            code = barcode_in(barcode)
        except Wrong as wrong:
            self.note(wrong, barcode)
        try:
            at = moment_in(day, today)
        except Wrong as wrong:
            self.note(wrong, barcode)
        status = Status.SHIPPED if not columns.status else rules.meaning_of(unwrapped(word), columns.words)
        if status is None:
            self.unknown_word = rules.plain_word(unwrapped(word))[:LONGEST_SHOWN]
        if self.problems or status is None:
            return None
        return Told(self.number, self.reference, code, status, at)

    def note(self, wrong: Wrong, barcode: Cell) -> None:
        self.problems.append(Problem(self.number, wrong.message, wrong.values, self.reference, shown(barcode)))


def unwrapped(cell: Cell) -> str:
    """A cell as text, without what keeps Excel from changing it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    kept = KEPT_AS_TEXT.fullmatch(text)
    return (kept[1] if kept[1] is not None else kept[2]).strip() if kept else text


def shown(cell: object) -> str:
    """A cell as it can be quoted to staff: one short line."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str("" if cell is None else cell)).split())
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def barcode_in(cell: Cell) -> str:
    """The barcode in a cell; raises Wrong, also where a spreadsheet has made a number or a date of it."""
    if isinstance(cell, datetime | date | time):
        raise Wrong(DATE_AS_BARCODE, cell)
    if isinstance(cell, int | float) and (abs(cell) >= EXACT or not float(cell).is_integer()):
        raise Wrong(ABBREVIATED_BARCODE, cell)
    text = unwrapped(cell)
    if not text:
        raise Wrong(ROW_WITHOUT_BARCODE)
    if ABBREVIATED.fullmatch(text):
        raise Wrong(ABBREVIATED_BARCODE, text)
    barcode = rules.clean_barcode(text)
    if barcode is None:
        raise Wrong(WRONG_BARCODE, text)
    return barcode


def moment_in(cell: Cell, today: date) -> datetime | None:
    """The moment in a cell, in UTC; noon where it has no time, None where it is empty. Raises Wrong."""
    if cell is None or unwrapped(cell) == "":
        return None
    try:
        moment = moment_of_number(cell) if is_number(cell) else moment_of_value(cell)
        day = clock.local(moment).date()
    except (ValueError, OverflowError):
        raise Wrong(WRONG_DATE, cell) from None
    if day < FIRST_DAY:
        raise Wrong(WRONG_DATE, cell)
    if day > today + timedelta(days=1):
        raise Wrong(FUTURE_DATE, cell)
    return moment


def is_number(cell: Cell) -> bool:
    """Whether a cell holds a number, or a text that is one; eight digits are a date without signs between."""
    return isinstance(cell, int | float) or re.fullmatch(r"\d{1,7}([.,]\d+)?", unwrapped(cell)) is not None


def moment_of_number(cell: Cell) -> datetime:
    """A date that lost its form in a spreadsheet is a count of days; any other number is no date."""
    days = float(unwrapped(cell).replace(",", ".")) if not isinstance(cell, bool) else 0.0
    if not FIRST_SERIAL <= days < LAST_SERIAL:
        raise Wrong(DATE_AS_NUMBER, cell)
    minutes = round((days % 1) * 24 * 60)
    start = datetime.combine(DAY_ZERO + timedelta(days=int(days)), time()) + timedelta(minutes=minutes)
    return on_dutch_clocks(start, has_time=bool(minutes))


def moment_of_value(cell: Cell) -> datetime:
    """A date cell, or a text in Dutch or ISO 8601 spelling. Raises ValueError on anything else."""
    if isinstance(cell, datetime):
        return on_dutch_clocks(cell, has_time=cell.time() != time())
    if isinstance(cell, date):
        return clock.instant(cell, NOON)
    text = unwrapped(cell)
    dutch = DUTCH_DATE.fullmatch(text)
    if dutch:
        day, month, year, hour, minute = (int(part) if part else 0 for part in dutch.groups())
        return on_dutch_clocks(datetime(year, month, day, hour, minute), has_time=dutch[4] is not None)  # noqa: DTZ001 - a wall time
    return on_dutch_clocks(datetime.fromisoformat(text), has_time=len(text) > len("2027-09-30"))


def on_dutch_clocks(moment: datetime, *, has_time: bool) -> datetime:
    """A wall time as an instant; one that names its zone already is one."""
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    return clock.instant(moment.date(), moment.time() if has_time else NOON)
