"""Several programs at a time: started one by one, their lines printed together, stopped together.

Built on the process and the printer of honcho. Its own manager is not used: a Ctrl-C in the first second breaks it, and it
signals the pool of a Celery worker together with its head, which kills running tasks (docs/decisions/0008).
"""

import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from honcho.colour import get_colours
from honcho.printer import Message, Printer
from honcho.process import Process

TICK = 0.1  # seconds
IF_WE_LIVE = 'test "$PPID" = "$0" && exec "$@"'  # we may have been killed just before the kernel knew that somebody depends on us
PATIENCE = 20.0  # seconds that programs get to stop by themselves


class Stopped(Exception):
    """It ends here: somebody asked for it, or a program stopped by itself."""


class Runner:
    """The programs that run, by name. A step is a program that is meant to end; the last ones stop after all others."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.was_asked = False
        self._environment, self._folder = environment, folder
        self._events: SimpleQueue[Message] = SimpleQueue()
        self._printer = Printer(sys.stdout, width=7)
        self._is_mute = False
        self._colours = get_colours()
        self._threads: dict[str, Thread] = {}
        self._pids: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._steps: set[str] = set()
        self._last: set[str] = set()

    def ask_to_stop(self, *_signal: object) -> None:
        """For signal handlers: the next tick ends the waiting."""
        self.was_asked = True

    def say(self, text: str) -> None:
        """Print something that comes from no program."""
        self._write(partial(print, flush=True), text)

    def start(self, name: str, *command: str, last: bool = False) -> None:
        """Start a program that is not meant to end."""
        process = Process(in_our_wake(command), name=name, colour=next(self._colours), env=self._environment, cwd=str(self._folder))
        if last:
            self._last.add(name)
        self._threads[name] = Thread(target=process.run, args=(self._events,), name=name)
        self._threads[name].start()

    def finish(self, name: str, *command: str) -> None:
        """Run a step to its end; `Stopped` when it fails."""
        self._steps.add(name)
        self.start(name, *command)
        self.until(lambda: name in self._codes)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Print what the programs say until something is so; `Stopped` when asked to stop, or when a program stopped by itself."""
        while True:
            self._take_events()
            if self.was_asked:
                raise Stopped("Stopping ...")
            for name, code in self._codes.items():
                if code != 0 or name not in self._steps:
                    raise Stopped(f"{name} stopped by itself (exit code {code}). Stopping the others ...")
            if is_so():
                return

    def stop_all(self) -> None:
        """Ask all programs to stop, the last ones when the others have; who does not listen within PATIENCE is killed."""
        self._stop(self._threads.keys() - self._last)
        self._stop(self._last)
        for thread in self._threads.values():
            thread.join()
        self._take_events()

    def _stop(self, names: Iterable[str]) -> None:
        asked: set[str] = set()
        deadline = time.monotonic() + PATIENCE
        while waiting := [name for name in names if name in self._threads and name not in self._codes]:
            late = time.monotonic() > deadline
            for name in waiting:
                if name in self._pids and (late or name not in asked):
                    if late:
                        self.say(f"{name} does not stop, so it is ended.")
                    asked.add(name)
                    send(self._pids[name], everyone=late)
            self._take_events()

    def _write(self, how: Callable[..., None], what: object) -> None:
        """Print, unless the terminal was closed: then go on in silence, so that everything is still stopped in order."""
        try:
            if not self._is_mute:
                how(what)
        except OSError:
            self._is_mute = True

    def _take_events(self) -> None:
        """Print and note what happened, for one tick."""
        end = time.monotonic() + TICK
        while (left := end - time.monotonic()) > 0:
            try:
                message = self._events.get(timeout=left)
            except Empty:
                return
            if message.type == "line":
                self._write(self._printer.write, message)
            elif message.type == "start":
                self._pids[message.name] = message.data["pid"]
            else:
                self._codes[message.name] = message.data["returncode"]


def send(pid: int, *, everyone: bool) -> None:
    """Ask the head of a program to stop, or kill it and all that it started (each program has a process group of its own)."""
    try:
        if everyone:
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return  # it was quicker


def in_our_wake(command: Iterable[str]) -> str:
    """The command for a shell that makes room for it, and that ends when we are killed (where the system can do that)."""
    ends_with_us = ("setpriv", "--pdeathsig", "TERM", "--", "sh", "-c", IF_WE_LIVE, str(os.getpid())) if shutil.which("setpriv") else ()
    return f"exec {shlex.join([*ends_with_us, *command])}"
