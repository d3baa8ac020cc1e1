"""The one object a browser session keeps: what is being built, and which runs are looked at."""

from dataclasses import dataclass, field

import streamlit as st

from core.drafts.draft import Draft
from core.drafts.undo_history import History
from core.experiment import presets
from core.experiment.experiment import Experiment, changed
from core.runs.folder import Run
from pages.parts.session.imbalance_plan import Plan
from pages.ui import backend_labels


@dataclass
class Upload:
    """What is asked of uploaded images, and what was said of the last ones."""

    side: int = 28
    channels: int = 1
    notes: tuple[str, ...] = ()


@dataclass
class Lab:
    draft: Draft
    backends: list[str] = field(default_factory=list)
    devices: dict[str, str] = field(default_factory=dict)
    group: str | None = None
    """The runs that Train shows and Compare starts from."""
    loaded: str = ""
    """The last uploaded file that was read, so that it is read once."""
    notice: str = ""
    """What loading it changed; until the next one is loaded."""
    refused: list[str] = field(default_factory=list)
    """Why runs of the last start could not be made; Train says it until the next start."""
    finding: Run | None = None
    """The rate finder's run that Train shows."""
    chosen: list[str] = field(default_factory=list)
    """The runs that are ticked on the Runs page."""
    upload: Upload = field(default_factory=Upload)
    deleted: list[str] = field(default_factory=list)
    """The runs that were deleted last, to be brought back by Undo."""
    imbalance: Plan = field(default_factory=Plan.first)
    history: History = field(default_factory=History)
    trained: Experiment | None = None
    """What was started last."""
    opened: Experiment | None = None
    """The first draft of this session that could be trained."""
    against: str = "preset"
    """What Build compares the draft with."""

    def undo(self) -> None:
        self.draft = self.history.undo(self.draft)

    def redo(self) -> None:
        self.draft = self.history.redo(self.draft)


def lab() -> Lab:
    if "lab" not in st.session_state:
        st.session_state["lab"] = Lab(Draft.of(first_experiment(), FIRST), backend_labels.installed())
    result: Lab = st.session_state["lab"]
    result.history.note(result.draft)
    return result


FIRST = "small-keras-cnn"


def first_experiment() -> Experiment:
    """What one click on Home trains: real digits, some seconds on every backend."""
    return changed(presets.experiment(FIRST, "digits"), **{"training.batch_size": 32, "training.epochs": 4})
