"""`python -m backends robustness` at work for a page: one such process at a time on this machine, the others wait."""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryFile

from backends.host import KEEP_MEMORY, ROOT
from core.metrics.robustness import POINTS
from core.runs.folder import Run


class Sweep:
    """One run's measurement, from the asking to its end; its result is read from the run folder."""

    def __init__(self, run: Run):
        self.done, self.error, self.ended, self.stopped = 0, "", False, False
        self._process: subprocess.Popen | None = None
        self._path = run.path
        self._thread = threading.Thread(target=self._work, daemon=True, name=f"sweep-{run.id}")
        self._thread.start()

    @property
    def waits(self) -> bool:
        return self._process is None and not self.ended

    @property
    def share(self) -> float:
        return min(1.0, self.done / POINTS)

    def stop(self) -> None:
        """Nothing is kept; what the run folder had stays."""
        with _lock:
            self.stopped = True
            if self._process is not None:
                self._process.terminate()

    def wait(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            with _turn, TemporaryFile() as said:
                self._measure(said)
        except OSError as error:
            self.error = f"the measurement cannot be started: {error.strerror or error}"
        finally:
            self.ended = True

    def _measure(self, said) -> None:
        with _lock:
            if self.stopped:
                return
            self._process = process = _started(self._path, said)
        with process.stdout:
            for _ in process.stdout:
                self.done += 1
        if process.wait() != 0 and not self.stopped:
            self.error = _last_words(said) or "its process ended without a word (killed, or out of memory)"


def _started(path: Path, said) -> subprocess.Popen:
    """`said` takes its standard error: in it, at the end, the sentence of what went wrong."""
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "backends", "robustness", str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=said,
        env={**KEEP_MEMORY, **os.environ, "PYTHONPATH": search},
        text=True,
    )


def _last_words(said) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:500] if lines else ""


_sweeps: dict[Path, Sweep] = {}
_lock = threading.Lock()
_turn = threading.Lock()
"""Whoever holds it measures."""


def start(run: Run) -> Sweep:
    """The one that is at it already, if there is one."""
    with _lock:
        result = _sweeps.get(run.path)
        if result is None or result.ended or result.stopped:
            result = _sweeps[run.path] = Sweep(run)
        return result


def of(run: Run) -> Sweep | None:
    """The last one that was started here for this run."""
    return _sweeps.get(run.path)


@atexit.register
def _stop_all() -> None:
    for sweep in list(_sweeps.values()):
        with contextlib.suppress(OSError):
            sweep.stop()
