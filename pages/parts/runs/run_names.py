"""Short names of runs for legends, sentences and column headers, distinct within a group."""

import re
from itertools import groupby

from core.runs.folder import Run
from core.runs.notes import read
from pages.ui import backend_labels


LONGEST_NAME = 40
"""Characters of a run's name in a legend or column header."""


def label(run: Run) -> str:
    """The run's backend; if it was resumed in another one, all of them in order."""
    names = [name for name, _ in groupby(run.reading.backends)] or [run.backend]
    return ", then ".join(map(backend_labels.label, names))


def distinct(runs: list[Run]) -> list[str]:
    """Names by backend. If that is ambiguous, adds the first of these that is not: name or title, seed, both, the end
    of the id."""
    labels = [label(run) for run in runs]
    same = {name: [run for run, other in zip(runs, labels, strict=True) if other == name] for name in labels}
    return [name + _distinction(run, same[name]) for name, run in zip(labels, runs, strict=True)]


def _distinction(run: Run, group: list[Run]) -> str:
    """A suffix that distinguishes `run` from the other runs of the group."""
    if len(group) == 1:
        return ""
    for describe in (_name, _seed, lambda it: f"{_name(it)}, {_seed(it)}"):
        if len({describe(it) for it in group}) == len(group):
            return f", {describe(run)}"
    return f" {run.id[-6:]}"


def _name(run: Run) -> str:
    """The name given on the Runs page, or else the experiment's title, without characters that tables or charts would
    interpret."""
    given = read(run.path).name or run.experiment.title or "untitled"
    return " ".join(re.sub(r"[^\w\s.,:;+()%/=-]", " ", given).split())[:LONGEST_NAME]


def _seed(run: Run) -> str:
    return f"seed {run.experiment.seed}"
