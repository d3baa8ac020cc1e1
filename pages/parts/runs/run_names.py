"""What runs are called in legends, sentences and above columns, so that a person can tell them apart."""

import re
from itertools import groupby

from core.runs.folder import Run
from core.runs.notes import read
from pages.ui import backend_labels


LONGEST_NAME = 40
"""Letters of a run's name in a legend or above a column."""


def label(run: Run) -> str:
    """Its backend; after a resume elsewhere all of them, in order."""
    names = [name for name, _ in groupby(run.reading.backends)] or [run.backend]
    return ", then ".join(map(backend_labels.label, names))


def distinct(runs: list[Run]) -> list[str]:
    """By backend; where that is not enough, also by the first of these that is: name or title, seed, both, the end of the
    id."""
    labels = [label(run) for run in runs]
    same = {word: [run for run, its in zip(runs, labels, strict=True) if its == word] for word in labels}
    return [word + _told_from(run, same[word]) for word, run in zip(labels, runs, strict=True)]


def _told_from(run: Run, those: list[Run]) -> str:
    """What `run` has and none of the others of `those`."""
    if len(those) == 1:
        return ""
    for say in (_name, _seed, lambda it: f"{_name(it)}, {_seed(it)}"):
        if len({say(it) for it in those}) == len(those):
            return f", {say(run)}"
    return f" {run.id[-6:]}"


def _name(run: Run) -> str:
    """As given on the Runs page, else the experiment's; nothing in it means anything to a table or a chart."""
    given = read(run.path).name or run.experiment.title or "untitled"
    return " ".join(re.sub(r"[^\w\s.,:;+()%/=-]", " ", given).split())[:LONGEST_NAME]


def _seed(run: Run) -> str:
    return f"seed {run.experiment.seed}"
