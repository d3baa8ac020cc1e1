"""Runs `python -m backends robustness` for a page."""

from backends.executors import command_jobs
from backends.executors.command_jobs import Job
from core.metrics.robustness import POINTS
from core.runs.folder import Run


def start(run: Run) -> Job:
    """Start a measurement, or return the one already in progress for this run; its result is in the run folder."""
    return command_jobs.start(("robustness", run.path), ["robustness", str(run.path)], POINTS)


def of(run: Run) -> Job | None:
    """The most recent measurement of this run started by this process, if any."""
    return command_jobs.of(("robustness", run.path))
