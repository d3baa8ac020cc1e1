"""Training in this process: a run that is started has ended when `start` returns."""

from collections.abc import Callable

from backends.executors.executor import Executor
from core.backend import Backend
from core.runs.folder import Run
from core.runs.trainer import Leave, record


class InlineExecutor(Executor):
    """Holds one loaded backend."""

    def __init__(
        self,
        backend: Backend,
        begin: Callable[[Run], None] = lambda run: None,
        report: Callable[[dict], None] = lambda event: None,
        leave: Leave = lambda: "",
    ):
        """`begin` sees the run before it is trained, `report` each of its events; `leave` is asked between steps for a
        reason to stop, "" to continue."""
        self._backend, self._begin, self._report, self._leave = backend, begin, report, leave

    def train(self, run: Run, backend: str, device: str) -> None:
        """How it ended is in the run's last event."""
        self._begin(run)
        record(run, self._backend, backend, device, self._leave, self._report)
