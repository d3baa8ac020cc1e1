"""How a run begins: its folder is made and handed to an executor, which is somewhere to train."""

from abc import ABC, abstractmethod
from pathlib import Path

from core.experiment.experiment import Experiment
from core.runs.folder import Run, create


class Executor(ABC):
    """`train` is all that differs."""

    @abstractmethod
    def train(self, run: Run, backend: str, device: str) -> None:
        """Train a waiting run. Raises BackendError; the run is then marked as failed, with the reason."""

    def start(
        self, experiment: Experiment, backend: str, device: str = "cpu", group: str = "", folder: Path | None = None
    ) -> Run:
        """A new run of the experiment, in `folder` or where runs usually are. Raises RunError where its folder cannot be
        written, BackendError where it cannot be trained; in the latter case there is a run, and it is marked as failed."""
        run = create(experiment, backend, device, group, folder)
        self.submit(run)
        return run

    def submit(self, run: Run) -> None:
        """Train a run that has just been made, on what it was made for. Raises BackendError."""
        self.train(run, run.backend, run.device)

    def resume(self, run: Run, backend: str | None = None, device: str | None = None) -> None:
        """Continue a stopped or failed run from its newest snapshot: where it was last trained, or on the backend that is
        asked for. Raises RunError or BackendError."""
        run.queue_again()
        backend = backend or run.trained_by
        self.train(run, backend, device or ("cpu" if backend != run.backend else run.device))
