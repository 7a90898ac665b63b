"""What others make of a calendar: khal from its command line, and our own strict reading that shares no code with the site."""

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from weekapp.clock import AMSTERDAM

CONFIGURATION = """[calendars]
[[feed]]
path = {folder}/feed
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""


def seen_by_khal(octets: bytes, folder: Path, first: str, days: int) -> dict[str, tuple[datetime, datetime, str]]:
    """Start, end and title by UID, as khal shows them on a Dutch clock."""
    (folder / "feed").mkdir()
    (folder / "khal.conf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "feed.ics").write_bytes(octets)
    khal = [sys.executable, "-m", "khal", "-c", str(folder / "khal.conf")]
    subprocess.run([*khal, "import", "--batch", "-a", "feed", str(folder / "feed.ics")], check=True, capture_output=True)
    columns = "{uid}|{start-date-long} {start-time}|{end-date-long} {end-time}|{title}"
    listed = subprocess.run(
        [*khal, "list", "--once", "--format", columns, "--day-format", "", first, f"{days}d"], check=True, capture_output=True, text=True
    )
    found = {}
    for line in filter(None, listed.stdout.splitlines()):
        uid, start, end, title = line.split("|", 3)
        found[uid] = (on_the_clock(start), on_the_clock(end), title)
    return found


def on_the_clock(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=AMSTERDAM)


@dataclass(frozen=True)
class Line:
    """One content line as it went over the wire, unfolded: NAME;parameters:value, nothing unescaped."""

    name: str
    parameters: str
    value: str

    @property
    def text(self) -> str:
        """The value without its escapes (RFC 5545, 3.3.11)."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value)


def physical_lines(octets: bytes) -> list[bytes]:
    """What stands between two CRLF; the file ends with one."""
    assert octets.endswith(b"\r\n")
    return octets[:-2].split(b"\r\n")


def content_lines(octets: bytes) -> list[Line]:
    """All lines, by our own reading of RFC 5545, 3.1; a line that is none of NAME;parameters:value fails."""
    unfolded = re.sub(rb"\r\n[ \t]", b"", octets).decode()
    found = []
    for line in unfolded.removesuffix("\r\n").split("\r\n"):
        parts = re.fullmatch(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line)
        assert parts, line
        found.append(Line(parts[1], parts[2], parts[3]))
    return found


def events_in(octets: bytes) -> list[dict[str, list[Line]]]:
    """The lines of each VEVENT by name."""
    found: list[dict[str, list[Line]]] = []
    current: dict[str, list[Line]] | None = None
    for line in content_lines(octets):
        if (line.name, line.value) == ("BEGIN", "VEVENT"):
            current = {}
        elif (line.name, line.value) == ("END", "VEVENT"):
            assert current is not None
            found.append(current)
            current = None
        elif current is not None:
            current.setdefault(line.name, []).append(line)
    return found


def head_of(octets: bytes) -> dict[str, list[Line]]:
    """The lines of the calendar itself, before its first part."""
    found: dict[str, list[Line]] = {}
    for line in content_lines(octets)[1:]:
        if line.name == "BEGIN":
            break
        found.setdefault(line.name, []).append(line)
    return found
