"""Many at the same moment: real threads, each with its own session and so with its own transaction."""

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask


def all_at_once(app: Flask, jobs: list[Callable[[], None]]) -> list[BaseException]:
    """Start every job at the same moment, each in a thread with a session of its own; what went wrong in them."""
    gate, wrong = Barrier(len(jobs)), list[BaseException]()

    def run(job: Callable[[], None]) -> None:
        gate.wait()
        with app.app_context():
            try:
                job()
            except Exception as error:  # noqa: BLE001  # told to the test
                wrong.append(error)

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong
