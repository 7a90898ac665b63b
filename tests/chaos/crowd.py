"""Many people who order at the same moment, in a process of their own: `python -m tests.chaos.crowd FIRST LAST`.

Says "ready", waits for a line, lets one thread for each number place an order, and prints what became of them as JSON.
"""

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from tests.chaos.filling import place
from weekapp import app as _all_tables  # noqa: F401 # relations need all tables
from weekapp.config import Settings
from weekapp.core import create_core
from weekapp.db import db


def order(app: Flask, number: int, together: Barrier) -> str:
    """One person; the state of the order, or the error."""
    together.wait()
    with app.app_context():
        try:
            return str(place(number))
        except Exception as error:  # noqa: BLE001 # the test shows it
            return repr(error)


def main(first: int, last: int) -> None:
    """All of them."""
    app, together = create_core(Settings.from_environment()), Barrier(last - first)
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(last - first) as people:
        became = Counter(people.map(lambda number: order(app, number, together), range(first, last)))
    print(json.dumps(became), flush=True)
    with app.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
