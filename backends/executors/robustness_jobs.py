"""Runs `python -m backends robustness` for a page: one process at a time on this machine, the others wait."""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from backends.host import KEEP_MEMORY, ROOT
from core.metrics.robustness import POINTS
from core.runs.folder import Run


class Sweep:
    """One run's measurement, from request to end; read its result from the run folder."""

    def __init__(self, run: Run):
        self.done, self.error, self.ended, self.stopped = 0, "", False, False
        self._process: subprocess.Popen[str] | None = None
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
        """Discard this measurement; an earlier result in the run folder stays."""
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
            self._process = process = _started(self._path, log)
        assert process.stdout is not None  # a pipe: see _started
        with process.stdout as lines:
            for _ in lines:
                self.done += 1
        if process.wait() != 0 and not self.stopped:
            self.error = _last_line(log) or "its process ended without a message (killed, or out of memory)"


def _started(path: Path, log: IO[bytes]) -> subprocess.Popen[str]:
    """`log` receives its standard error, whose last line says what went wrong."""
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-m", "backends", "robustness", str(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        env={**KEEP_MEMORY, **os.environ, "PYTHONPATH": search},
        text=True,
    )


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:500] if lines else ""


_sweeps: dict[Path, Sweep] = {}
_lock = threading.Lock()
_turn = threading.Lock()
"""Held by the sweep that is measuring."""


def start(run: Run) -> Sweep:
    """Start a measurement, or return the one already in progress for this run."""
    with _lock:
        result = _sweeps.get(run.path)
        if result is None or result.ended or result.stopped:
            result = _sweeps[run.path] = Sweep(run)
        return result


def of(run: Run) -> Sweep | None:
    """The most recent measurement of this run started by this process, if any."""
    return _sweeps.get(run.path)


@atexit.register
def _stop_all() -> None:
    for sweep in list(_sweeps.values()):
        with contextlib.suppress(OSError):
            sweep.stop()
