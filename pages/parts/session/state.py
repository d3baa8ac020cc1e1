"""The state of a browser session: the experiment being built and the runs being shown."""

from dataclasses import dataclass, field

import streamlit as st

from core.data.formats.image_folders import Reading
from core.drafts.draft import Draft
from core.drafts.undo_history import History
from core.experiment import presets
from core.experiment.experiment import Experiment, changed
from core.runs.folder import Run
from pages.parts.session.imbalance_plan import Plan
from pages.ui import backend_labels


@dataclass
class Upload:
    """The settings for uploaded images, and what was read of them but not yet created."""

    side: int = 28
    channels: int = 1
    inner: bool = False
    """Whether the inner folders are the classes, where all folders hold the same."""
    path: str = ""
    """A name in the data folder, which is read instead of the uploaded file."""
    key: tuple | None = None
    """What `reading` or `error` was made from."""
    reading: Reading | None = None
    error: str = ""
    notes: tuple[str, ...] = ()
    """About the data set created last."""

    @property
    def ticket(self) -> int:
        """A number that differs from reading to reading."""
        return hash(self.key)

    def forget(self) -> None:
        """Keeps `key`, so that the same file is not read again."""
        self.reading, self.error = None, ""


@dataclass
class Lab:
    draft: Draft
    backends: list[str] = field(default_factory=list)
    devices: dict[str, str] = field(default_factory=dict)
    group: str | None = None
    """The runs that Train shows and Compare starts from."""
    loaded: str = ""
    """The id of the last uploaded file, so that it is read only once."""
    notice: str = ""
    """What loading that file changed; shown until the next one is loaded."""
    refused: list[str] = field(default_factory=list)
    """Why runs could not start; Train shows it until the next start."""
    finding: Run | None = None
    """The learning-rate finder's run that Train shows."""
    chosen: list[str] = field(default_factory=list)
    """The ids of the runs selected on the Runs page."""
    upload: Upload = field(default_factory=Upload)
    deleted: list[str] = field(default_factory=list)
    """The ids of the runs deleted last, which Undo restores."""
    imbalance: Plan = field(default_factory=Plan.first)
    history: History = field(default_factory=History)
    trained: Experiment | None = None
    """The experiment started last."""
    opened: Experiment | None = None
    """The first valid draft of this session."""
    against: str = "preset"
    """What Build compares the draft with; see diff_view.OTHERS."""

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
    """The experiment that Home trains with one click: real digits, a few seconds on every backend."""
    return changed(presets.experiment(FIRST, "digits"), **{"training.batch_size": 32, "training.epochs": 4})
