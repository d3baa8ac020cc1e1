"""A link from a recording to the same view of the reader's own newest run, or else of a shipped network."""

from typing import Literal

import streamlit as st

from core.runs import index
from core.runs.event_log_state import ENDS
from core.runs.folder import Run, runs_folder
from core.spec import Spec
from pages.recorded.shipped import shipped
from pages.ui.formatting import plain
from pages.ui.translations import words


class Options(Spec):
    """The view of Explore that the link opens, or the page Transfer."""

    view: Literal["network", "inside", "why", "draw", "break", "transfer"] = "network"
    shipped: Literal["mnist-cnn", "mnist-dense"] = "mnist-cnn"


def show(options: Options, key: str) -> None:
    run, texts = newest_run(), words(__file__)
    opened = shipped()[options.shipped] if run is None else run
    title = plain(opened.experiment.title or texts["untitled"])
    to_transfer = options.view == "transfer"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"{key}-own"):
        st.markdown(texts["shipped" if run is None else "own"].format(title=title))
        st.page_link(
            "pages/lab/transfer.py" if to_transfer else "pages/lab/explore.py",
            label=f"{texts[options.view]} →",
            query_params={"run": opened.id} if to_transfer else {"run": opened.id, "view": options.view},
        )


def newest_run() -> Run | None:
    """The newest run that has ended with saved weights."""
    for entry in index.listing():
        run = Run(runs_folder() / entry.id)
        if entry.state in ENDS and run.remembered():
            return run
    return None
