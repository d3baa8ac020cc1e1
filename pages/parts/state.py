"""The one object a browser session keeps: what is being built, and which runs are looked at."""

from dataclasses import dataclass, field

import streamlit as st

from core.experiment import Experiment, changed
from core.network import presets
from pages.parts import known
from pages.parts.draft import Draft
from pages.parts.imbalance_plan import Plan


@dataclass
class Upload:
    """What is asked of uploaded pictures, and what was said of the last ones."""

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
    chosen: list[str] = field(default_factory=list)
    """The runs that are ticked on the Runs page."""
    upload: Upload = field(default_factory=Upload)
    deleted: list[str] = field(default_factory=list)
    """The runs that were deleted last, to be brought back by Undo."""
    imbalance: Plan = field(default_factory=Plan.first)


def lab() -> Lab:
    if "lab" not in st.session_state:
        st.session_state["lab"] = Lab(Draft.of(first_experiment(), FIRST), known.installed())
    return st.session_state["lab"]


FIRST = "small-keras-cnn"


def first_experiment() -> Experiment:
    """What one click on Home trains: real digits, some seconds on every backend."""
    return changed(presets.experiment(FIRST, "digits"), **{"training.batch_size": 32, "training.epochs": 4})
