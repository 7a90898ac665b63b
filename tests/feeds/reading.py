"""What other people's programs make of a calendar: khal from its command line."""

import subprocess
import sys
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
