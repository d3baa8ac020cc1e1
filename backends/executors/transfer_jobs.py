"""Runs `python -m backends transfer` for a page."""

from backends.executors import command_jobs
from backends.executors.command_jobs import Job
from core.data import catalogue
from core.runs.folder import Run, runs_folder
from core.transfer.plan import Plan


def start(plan: Plan, run: Run) -> Job:
    """Start a measurement, or return the one already in progress for this plan; its result is among the runs."""
    folder = runs_folder()
    return command_jobs.start(
        (folder, plan), ["transfer", str(run.path), *options(plan), f"--runs={folder}"], plan.count
    )


def of(plan: Plan) -> Job | None:
    """The most recent measurement of this plan started by this process, if any."""
    return command_jobs.of((runs_folder(), plan))


def options(plan: Plan) -> list[str]:
    """A plan as the command line takes it. Raises DataError for a data set that does not exist."""
    names = catalogue.describe(plan.data).class_names
    return [
        f"--snapshot={plan.step}",
        f"--layer={plan.layer}",
        f"--data={plan.data}",
        f"--classifier={plan.classifier}",
        f"--draws={plan.draws}",
        f"--seed={plan.seed}",
        "--each",
        *map(str, plan.each),
        *(f"--classes={names[label]}" for label in plan.classes),
    ]
