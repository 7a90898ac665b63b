"""Files of carriers: what is understood, and what is refused with a sentence, every row at once."""

import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
import xlsxwriter

from fulfilment.carrier.parse import Outcome, parse
from fulfilment.carrier.table import Unreadable, open_table
from weekapp.shipments.rules import Columns, Problem, Status, Told

TODAY = date(2027, 9, 20)
COLUMNS = Columns("Referentie", "Barcode", "Status", "Datum")
HEADER = "Referentie;Barcode;Status;Datum\r\n"
MB = 1024 * 1024


def read(text: str | bytes, columns: Columns | None = COLUMNS) -> Outcome:
    return parse(text if isinstance(text, bytes) else text.encode(), columns, TODAY)


def one(row: str, columns: Columns = COLUMNS) -> Told:
    """The only line of a file with the usual header and this row."""
    outcome = read(HEADER + row, columns)
    assert (outcome.problems, outcome.question) == ((), "")
    (line,) = outcome.lines
    return line


def problem(row: str) -> Problem:
    (found,) = read(HEADER + row).problems
    return found


def said(found: Problem) -> str:
    return found.message % found.values if found.values else found.message


def refusal(content: bytes) -> str:
    """Why a file as a whole is refused."""
    (found,) = read(content).problems
    assert found.row == 0
    return said(found)


def book(*rows: tuple[object, ...]) -> bytes:
    """A workbook as Excel writes it."""
    out = io.BytesIO()
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


TOP = ("Referentie", "Barcode", "Status", "Datum")


def test_a_row_is_read() -> None:
    assert one("KE27-00042;3SABCD1234567;Bezorgd;12-09-2027 14:05") == Told(
        2, "KE27-00042", "3SABCD1234567", Status.DELIVERED, datetime(2027, 9, 12, 12, 5, tzinfo=UTC)
    )


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_each_delimiter_is_recognised(delimiter: str) -> None:
    outcome = read(
        f'Naam{delimiter}Referentie{delimiter}Barcode\n"Vries, de; Jan"{delimiter}KE27-00001{delimiter}3SAAAA1\n',
        Columns("Referentie", "Barcode"),
    )
    assert (outcome.delimiter, outcome.lines[0].barcode) == (delimiter, "3SAAAA1")


def test_excels_line_with_the_delimiter_is_not_the_header() -> None:
    assert read("sep=;\r\n" + HEADER + "KE27-00042;3SABCD1;bezorgd;").lines[0].row == 3


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b""), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")],
)
def test_dutch_letters_in_each_encoding(encoding: str, mark: bytes) -> None:
    text = "Geadresseerde é;Referentie;Barcode\r\nZoë van Büren, café ’t Hoekje €;KE27-00042;3SABCD1\r\n"
    outcome = read(mark + text.encode(encoding), Columns("Referentie", "Barcode"))
    assert outcome.header == ("Geadresseerde é", "Referentie", "Barcode")
    assert outcome.lines[0].barcode == "3SABCD1"


def test_letters_that_windows_1252_lacks_come_as_utf_8() -> None:
    with pytest.raises(UnicodeEncodeError):
        "Łukasz".encode("cp1252")
    assert read("Łukasz;Referentie;Barcode\nŞahin;KE27-00042;3SABCD1\n", Columns("Referentie", "Barcode")).header[0] == "Łukasz"


def test_letters_that_are_in_no_known_encoding_are_refused() -> None:
    assert "CSV UTF-8" in refusal(HEADER.encode() + b"KE27-00042;3S\x81ABCD;bezorgd;\r\n")


def test_names_of_columns_may_differ_in_capitals_and_space() -> None:
    assert read("  REFERENTIE ;barcode\nKE27-00042;3SABCD1\n", Columns("Referentie", "Barcode")).lines


def test_empty_rows_are_skipped_but_counted() -> None:
    assert [line.row for line in read(HEADER + "\r\n;;;\r\nKE27-00042;3SABCD1;bezorgd;\r\n").lines] == [4]


def test_quotes_hold_delimiters_and_line_ends() -> None:
    outcome = read('Naam;Referentie;Barcode\n"De ""Linde"";\nachterom";KE27-00042;3SABCD1\n', Columns("Referentie", "Barcode"))
    assert outcome.lines[0] == Told(2, "KE27-00042", "3SABCD1", Status.SHIPPED)


def test_a_quote_that_is_not_closed_does_not_swallow_the_rest() -> None:
    assert refusal((HEADER + 'KE27-00042;"3SABCD1;bezorgd;\r\nKE27-00043;3SABCD2;bezorgd;\r\n').encode()).startswith("In rij 2 ")


def test_without_a_status_column_everything_is_under_way() -> None:
    assert read("Referentie;Barcode\nKE27-00042;3SABCD1\n", Columns("Referentie", "Barcode")).lines[0].status == Status.SHIPPED


def test_what_keeps_excel_from_changing_a_code_is_taken_off() -> None:
    assert one('KE27-00042;"=""00340434161094"" ";bezorgd;').barcode == "00340434161094"
    assert one("'KE27-00042;'0034 0434 1610 94;bezorgd;").barcode == "00340434161094"


def test_parcels_of_others_are_kept_apart_and_nothing_is_asked_of_them() -> None:
    outcome = read(HEADER + "WEB-99183;;wat dan ook;gisteren\r\nTotaal: 1;;;\r\n")
    assert [(line.reference, line.status) for line in outcome.lines] == [("WEB-99183", None), ("Totaal: 1", None)]


@pytest.mark.parametrize("barcode", ["3.1E+12", "3,1E+12", "3,10045E+12"])
def test_an_abbreviated_barcode_is_refused(barcode: str) -> None:
    found = problem(f"KE27-00042;{barcode};bezorgd;")
    assert (found.row, found.reference) == (2, "KE27-00042")
    assert (
        said(found)
        == f"De barcode is een getal geworden ({barcode}). Excel verliest dan cijfers. Gebruik het bestand van de vervoerder zelf."
    )


@pytest.mark.parametrize("barcode", [3.1e12, 5212345678901, 12.5, -1e300, float("1e308")])
def test_a_number_cell_that_excel_abbreviates_is_no_barcode(barcode: float) -> None:
    (found,) = read(book(TOP, ("KE27-00042", barcode, "bezorgd", None))).problems
    assert said(found).startswith("De barcode is een getal geworden")


def test_a_short_number_cell_is_a_barcode() -> None:
    assert read(book(TOP, ("KE27-00042", 12345678901, "bezorgd", None))).lines[0].barcode == "12345678901"


@pytest.mark.parametrize("barcode", ["=CMD()", "3S<script>", "ABC", "é3SABCD1", "A" * 41])
def test_what_cannot_be_a_barcode_is_refused(barcode: str) -> None:
    assert "is geen barcode" in said(problem(f"KE27-00042;{barcode};bezorgd;"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-09-12", datetime(2027, 9, 12, 10, tzinfo=UTC)),  # no time: noon
        ("2027-09-12T14:05:00+02:00", datetime(2027, 9, 12, 12, 5, tzinfo=UTC)),
        ("2027-09-12 14:05", datetime(2027, 9, 12, 12, 5, tzinfo=UTC)),
        ("12-9-2027", datetime(2027, 9, 12, 10, tzinfo=UTC)),
        ("12/09/2027 14.05 uur", datetime(2027, 9, 12, 12, 5, tzinfo=UTC)),
        ("20270912", datetime(2027, 9, 12, 10, tzinfo=UTC)),
        ("46642", datetime(2027, 9, 12, 10, tzinfo=UTC)),  # a date that Excel has made a number
        ("46642,5868", datetime(2027, 9, 12, 12, 5, tzinfo=UTC)),
    ],
)
def test_dates(text: str, moment: datetime) -> None:
    assert one(f"KE27-00042;3SABCD1;bezorgd;{text}").at == moment


def test_date_cells_and_numbers_that_were_dates() -> None:
    wall_time = datetime.fromisoformat("2027-09-12T14:05")
    rows = [("KE27-00042", "3SABCD1", "bezorgd", cell) for cell in (wall_time, date(2027, 9, 12), 46642)]
    assert [line.at.hour for line in read(book(TOP, *rows)).lines if line.at] == [12, 10, 10]


@pytest.mark.parametrize("text", ["12", "0", "3,5", "999999"])
def test_a_number_that_is_no_date_says_so(text: str) -> None:
    assert said(problem(f"KE27-00042;3SABCD1;bezorgd;{text}")) == f"De datum is een getal ({text}). Schrijf hem zo: 30-09-2027."


@pytest.mark.parametrize("text", ["gisteren", "31-02-2027", "2027-13-01", "0001-01-01", "9999-12-31T23:30:00Z", "1999-12-31"])
def test_a_date_that_cannot_be(text: str) -> None:
    assert said(problem(f"KE27-00042;3SABCD1;bezorgd;{text}")).startswith(
        ("Deze datum kunnen we niet lezen", "Deze datum ligt in de toekomst")
    )


def test_a_date_in_the_future() -> None:
    assert said(problem("KE27-00042;3SABCD1;bezorgd;30-09-2027")) == "Deze datum ligt in de toekomst: 30-09-2027."


def test_every_wrong_row_is_told_at_once_with_its_number() -> None:
    rows = ["KE27-00001;;bezorgd;", "KE27-00002;3SABCD2;bezorgd;12-09-2027", "KE27-00003;3,1E+12;bezorgd;gisteren"]
    outcome = read(HEADER + "\r\n".join(rows))
    assert [(found.row, said(found)[:20]) for found in outcome.problems] == [
        (2, "Er staat geen barcod"),
        (4, "De barcode is een ge"),
        (4, "Deze datum kunnen we"),
    ]
    assert outcome.lines == ()


def test_words_that_we_do_not_know_are_asked_for_once() -> None:
    text = HEADER + "KE27-00001;3SABCD1;Onderweg naar u;\r\nKE27-00002;3SABCD2;ONDERWEG  NAAR U;\r\nKE27-00003;3SABCD3;;\r\n"
    outcome = read(text)
    assert outcome.unknown_words == ("onderweg naar u", "")
    assert outcome.question % outcome.question_values == "Deze woorden voor een status kennen we niet: onderweg naar u."
    answered = Columns("Referentie", "Barcode", "Status", "", {"onderweg naar u": Status.SHIPPED, "": Status.ANNOUNCED})
    assert [line.status for line in read(text, answered).lines] == [Status.SHIPPED, Status.SHIPPED, Status.ANNOUNCED]


def test_an_empty_status_is_asked_for_too() -> None:
    outcome = read(HEADER + "KE27-00001;3SABCD1;;\r\n")
    assert (outcome.unknown_words, outcome.question) == (("",), "Bij sommige rijen is de status leeg. Zeg wat dat betekent.")


def test_a_column_full_of_other_things_is_not_a_status() -> None:
    rows = "\r\n".join(f"KE27-{n:05d};3SABCD{n};Straat {n};" for n in range(60))
    assert "Kies een andere kolom voor de status" in refusal((HEADER + rows).encode())


def test_without_a_mapping_the_columns_are_listed() -> None:
    outcome = read(HEADER + "KE27-00042;3SABCD1;bezorgd;\r\n", None)
    assert (outcome.header, outcome.lines, outcome.problems) == (TOP, (), ())


def test_columns_that_are_missing_are_named() -> None:
    outcome = read("Referentie;Iets\nKE27-00042;3SABCD1\n")
    assert outcome.question % outcome.question_values == "Deze kolommen staan niet in het bestand: Barcode, Status, Datum."


def test_a_column_that_is_there_twice_is_not_guessed() -> None:
    assert "staat er twee keer in" in refusal(b"Referentie;Barcode;Barcode;Status;Datum\nKE27-00042;3SABCD1;3SABCD2;bezorgd;\n")


def test_a_header_without_rows() -> None:
    assert refusal(HEADER.encode()) == "Onder de namen van de kolommen staat niets."


@pytest.mark.parametrize("content", [b"", b"   \r\n", b"\xef\xbb\xbf", b";;;\r\n;;\r\n", book(), book((None, None))])
def test_an_empty_file(content: bytes) -> None:
    assert refusal(content) == "Dit bestand is leeg."


def test_one_column_is_no_table() -> None:
    assert "maar één kolom" in refusal(b"Barcode\n3SABCD1\n")


@pytest.mark.parametrize("content", [b"%PDF-1.7 and more", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"<html><table>", b"PK\x05\x06" + b"\0" * 18])
def test_other_kinds_of_files(content: bytes) -> None:
    assert "geen CSV-bestand" in refusal(content)


def test_an_old_or_locked_workbook() -> None:
    assert "wachtwoord" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_a_file_of_30_mb_is_refused() -> None:
    assert refusal(b"Referentie;Barcode\n" + b"KE27-00042;3SABCD1\n" * (30 * MB // 19)) == (
        "Dit bestand is groter dan 25 MB. Splits het in kleinere bestanden."
    )


def test_more_than_50_000_rows_are_refused_and_50_000_are_not() -> None:
    rows = "KE27-00042;3SABCD1\n" * 50_000
    columns = Columns("Referentie", "Barcode")
    assert len(read("Referentie;Barcode\n" + rows, columns).lines) == 50_000
    (found,) = read("Referentie;Barcode\n" + rows + "KE27-00042;3SABCD1\n", columns).problems
    assert said(found) == "Dit bestand heeft meer dan 50.000 rijen. Splits het in kleinere bestanden."


def honest_book(rows: int) -> bytes:
    """A large, dull and honest workbook."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet()
    for number in range(rows):
        row = [
            f"KE27-{number:05d}",
            f"3SABCD{number:07d}",
            "Bezorgd",
            "12-09-2027",
            "Buurthuis",
            "Voorbeeldstraat",
            "1",
            "1234 AB",
            "Utrecht",
            "NL",
        ]
        sheet.write_row(number + 1, 0, row)
    sheet.write_row(0, 0, [*TOP, "Naam", "Straat", "Nr", "Postcode", "Plaats", "Land"])
    made.close()
    return out.getvalue()


def test_a_large_honest_workbook_is_no_bomb() -> None:
    assert len(read(honest_book(20_000)).lines) == 20_000


def repacked(changes: dict[str, bytes], source: bytes | None = None) -> bytes:
    """A small workbook with other parts in it."""
    out = io.BytesIO()
    whole = source or book(TOP, ("KE27-00042", "3SABCD1", "bezorgd", None))
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "size"),
    [
        ("xl/worksheets/sheet1.xml", 300 * MB),
        ("xl/worksheets/sheet1.xml", 30 * MB),
        ("xl/sharedStrings.xml", 60 * MB),
        ("xl/styles.xml", 12 * MB),
    ],
)
def test_a_zip_bomb_is_refused_before_it_is_unpacked(part: str, size: int) -> None:
    bomb = repacked({part: b"<a>" + b" " * size})
    assert len(bomb) < MB
    assert "uitgepakt veel te groot" in refusal(bomb)


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    assert "uitgepakt veel te groot" in refusal(repacked({f"xl/media/{number}.png": b"" for number in range(1001)}))


def test_xml_that_explodes_is_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert "kapot" in refusal(repacked({"xl/worksheets/sheet1.xml": laughs}))


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_a_broken_workbook_is_refused_with_a_sentence(part: str) -> None:
    for content in (
        b"",
        b"<",
        b"<a/>",
        b"\xff\xff",
        b"<worksheet><sheetData><row r='x'><c r='Z' t='s'><v>99999</v></c></row></sheetData></worksheet>",
    ):
        outcome = read(repacked({part: content}))
        assert [found.row for found in outcome.problems] == [0] or len(outcome.lines) == 1  # it can do without some styles


def test_a_workbook_cut_short_is_refused_with_a_sentence() -> None:
    whole = book(TOP, ("KE27-00042", "3SABCD1", "bezorgd", None))
    for length in range(4, len(whole) - 1, 97):
        assert read(whole[:length]).problems


def test_what_a_sheet_says_about_its_size_is_not_believed() -> None:
    whole = book(TOP, ("KE27-00042", "3SABCD1", "bezorgd", None))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(b'ref="A1:D2"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in sheet
    assert len(read(repacked({"xl/worksheets/sheet1.xml": sheet}, whole)).lines) == 1


def test_reading_stops_when_the_file_turns_out_to_be_broken_half_way() -> None:
    with pytest.raises(Unreadable), open_table(b'a;b\n1;2\n"3') as table:
        list(table.rows)
