"""How a run starts: its folder is created and handed to an executor, which trains it somewhere."""

from abc import ABC, abstractmethod
from pathlib import Path

from core.experiment.experiment import Experiment
from core.runs.folder import Run, create


class Executor(ABC):
    """A place to train runs; subclasses implement `train`."""

    @abstractmethod
    def train(self, run: Run, backend: str, device: str) -> None:
        """Train a waiting run. If this raises BackendError, the run is marked as failed, with the reason."""

    def start(
        self, experiment: Experiment, backend: str, device: str = "cpu", group: str = "", folder: Path | None = None
    ) -> Run:
        """Create a run of the experiment, in `folder` or in the default runs folder, and train it. Raises RunError if
        the run's folder cannot be written, BackendError if it cannot be trained; in the latter case the run exists and
        is marked as failed."""
        run = create(experiment, backend, device, group, folder)
        self.submit(run)
        return run

    def submit(self, run: Run) -> None:
        """Train a newly created run on its own backend and device. Raises BackendError."""
        self.train(run, run.backend, run.device)

    def resume(self, run: Run, backend: str | None = None, device: str | None = None) -> None:
        """Continue a stopped or failed run from its newest snapshot, on the given backend or else on the one that
        trained it last. Raises RunError or BackendError."""
        run.queue_again()
        backend = backend or run.trained_by
        self.train(run, backend, device or ("cpu" if backend != run.backend else run.device))
