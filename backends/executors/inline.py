"""Training in this process: when `start` returns, the run has ended."""

from collections.abc import Callable
from typing import Any

from backends.executors.executor import Executor
from core.backend import Backend
from core.runs.folder import Run
from core.runs.trainer import Leave, record


class InlineExecutor(Executor):
    """An executor around one loaded backend."""

    def __init__(
        self,
        backend: Backend,
        begin: Callable[[Run], None] = lambda run: None,
        report: Callable[[dict[str, Any]], None] = lambda event: None,
        leave: Leave = lambda: "",
    ):
        """`begin` is called with the run before training, `report` with each event; `leave` is called between steps and
        returns a reason to stop, or "" to continue."""
        self._backend, self._begin, self._report, self._leave = backend, begin, report, leave

    def train(self, run: Run, backend: str, device: str) -> None:
        """Train; the run's last event says how it ended."""
        self._begin(run)
        record(run, self._backend, backend, device, self._leave, self._report)
