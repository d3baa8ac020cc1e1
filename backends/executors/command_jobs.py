"""Runs commands of `python -m backends` for a page: one process at a time on this machine, the others wait.

A command prints one line for each of the numbers it measures, which shows how far it is. Its result is a file.
"""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Hashable, Sequence
from tempfile import TemporaryFile
from typing import IO

from backends.host import KEEP_MEMORY, ROOT, last_line


class Job:
    """One command, from request to end."""

    def __init__(self, arguments: Sequence[str], lines: int):
        self.done, self.error, self.ended, self.stopped = 0, "", False, False
        self._arguments, self._lines = arguments, lines
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._work, daemon=True, name=f"command-{arguments[0]}")
        self._thread.start()

    @property
    def waits(self) -> bool:
        return self._process is None and not self.ended

    @property
    def share(self) -> float:
        return min(1.0, self.done / self._lines)

    def stop(self) -> None:
        """End this command; an earlier result stays."""
        with _lock:
            self.stopped = True
            if self._process is not None:
                self._process.terminate()

    def wait(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            with _turn, TemporaryFile() as log:
                self._measure(log)
        except OSError as error:
            self.error = f"the measurement could not be started: {error.strerror or error}"
        finally:
            self.ended = True

    def _measure(self, log: IO[bytes]) -> None:
        with _lock:
            if self.stopped:
                return
            self._process = process = _started(self._arguments, log)
        assert process.stdout is not None  # a pipe: see _started
        with process.stdout as lines:
            for _ in lines:
                self.done += 1
        if process.wait() != 0 and not self.stopped:
            self.error = last_line(log, 500) or "its process ended without a message (killed, or out of memory)"


def _started(arguments: Sequence[str], log: IO[bytes]) -> subprocess.Popen[str]:
    """`log` receives its standard error, whose last line says what went wrong."""
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "backends", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        env={**KEEP_MEMORY, **os.environ, "PYTHONPATH": search},
        text=True,
    )


_jobs: dict[Hashable, Job] = {}
_lock = threading.Lock()
_turn = threading.Lock()
"""Held by the job whose command is running."""


def start(subject: Hashable, arguments: Sequence[str], lines: int) -> Job:
    """Start a command that prints this many lines, or return the one already in progress for this subject."""
    with _lock:
        result = _jobs.get(subject)
        if result is None or result.ended or result.stopped:
            result = _jobs[subject] = Job(arguments, lines)
        return result


def of(subject: Hashable) -> Job | None:
    """The most recent job about this subject started by this process, if any."""
    return _jobs.get(subject)


@atexit.register
def _stop_all() -> None:
    for job in list(_jobs.values()):
        with contextlib.suppress(OSError):
            job.stop()
