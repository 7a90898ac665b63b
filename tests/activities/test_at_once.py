"""Many write activities with the same new words at the same moment, in processes of their own, on both databases."""

import subprocess
import sys

from sqlalchemy import func, select

from tests.builders import make_activity
from weekapp.activities.models import ActivityWord, SearchWord
from weekapp.core import settings
from weekapp.db import db, transaction

PROGRAM = """
import sys
from pathlib import Path
from tests.conftest import settings_for_tests
from weekapp.activities.word_index import write_words
from weekapp.app import create_app
from weekapp.db import transaction
folder, url, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with create_app(settings_for_tests(folder, url)).app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    for turn in range(20):
        with transaction():
            words = [f"woord{number}" for number in range(turn * 10, turn * 10 + 30)]
            write_words({first: " ".join(words if first % 2 else reversed(words))})
"""


def test_processes_that_add_the_same_words_neither_fail_nor_double_them(app):
    with transaction():
        ids = [make_activity(f"Nummer {number}").id for number in range(3)]
    chosen = settings()
    arguments = [str(chosen.data_dir), chosen.database_url]
    writers = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments, str(one)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for one in ids
    ]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 3
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    db.session.rollback()
    made = select(func.count()).select_from(SearchWord).where(SearchWord.word.startswith("woord"))
    assert db.session.scalar(made) == 220
    held = select(ActivityWord.activity_id, func.count()).where(ActivityWord.activity_id.in_(ids)).group_by(ActivityWord.activity_id)
    assert {row[1] for row in db.session.execute(held)} == {30}
