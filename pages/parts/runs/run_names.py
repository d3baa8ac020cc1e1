"""Short names of runs for legends, sentences and column headers, distinct within a group."""

import re
from itertools import groupby

from core.runs.comparison import what_differs
from core.runs.folder import Run
from core.runs.notes import read
from pages.ui import backend_labels


MOST_SETTINGS = 2
LONGEST_NAME = 40
"""Characters of a run's name in a legend or column header."""


def label(run: Run) -> str:
    """The run's backend; if it was resumed in another one, all of them in order."""
    names = [name for name, _ in groupby(run.reading.backends)] or [run.backend]
    return ", then ".join(map(backend_labels.label, names))


def distinct(runs: list[Run]) -> list[str]:
    """Names by backend. If that is ambiguous, adds the first of these that is not: name or title, the settings that
    differ (if they are few), seed, name and seed, the end of the id."""
    labels = [label(run) for run in runs]
    same = {name: [run for run, other in zip(runs, labels, strict=True) if other == name] for name in labels}
    return [name + _distinction(run, same[name]) for name, run in zip(labels, runs, strict=True)]


def _distinction(run: Run, group: list[Run]) -> str:
    """A suffix that distinguishes `run` from the other runs of the group."""
    if len(group) == 1:
        return ""
    settings = _differing_settings(group)
    for describe in (_name, lambda it: settings.get(it.id, ""), _seed, lambda it: f"{_name(it)}, {_seed(it)}"):
        if len({describe(it) for it in group}) == len(group):
            return f", {describe(run)}"
    return f" {run.id[-6:]}"


def _differing_settings(group: list[Run]) -> dict[str, str]:
    """{run id: "learning rate 0.01, batch size 32"} if the experiments differ in at most MOST_SETTINGS; else {}."""
    differences = [
        (path, values)
        for path, values in what_differs([run.experiment for run in group])
        if not path.startswith("training.remember")
    ]
    if len(differences) > MOST_SETTINGS:
        return {}
    return {
        run.id: _clean(", ".join(f"{_field(path)} {values[index]}" for path, values in differences))
        for index, run in enumerate(group)
    }


def _field(path: str) -> str:
    """ "network.layers.conv1.filters" -> "conv1 filters", "training.optimizer.learning_rate" -> "learning rate"."""
    parts = path.split(".")
    shown = parts[-2:] if parts[0] == "network" else parts[-1:]
    return " ".join(shown).replace("_", " ")


def _name(run: Run) -> str:
    """The name given on the Runs page, or else the experiment's title."""
    return _clean(read(run.path).name or run.experiment.title or "untitled")


def _clean(name: str) -> str:
    """Without characters that tables or charts would interpret, and not too long."""
    return " ".join(re.sub(r"[^\w\s.,:;+()%/=-]", " ", name).split())[:LONGEST_NAME]


def _seed(run: Run) -> str:
    return f"seed {run.experiment.seed}"
