"""Tables: short ones of text and numbers, and long ones of a chart's numbers, built on demand."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.runs.comparison import Curve, as_columns, as_csv


MOST_ROWS = 1000


def table(header: list[str], rows: list[list[str]], alt: str) -> None:
    """Cells are Markdown; the table scrolls sideways on a narrow screen. Headers must be unique."""
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    st.table(dict(zip(header, columns, strict=True)), border="horizontal", hide_index=True, alt=alt, width="content")


def numbers_table(label: str, curves: Callable[[], dict[str, Curve]], file: str, key: str) -> None:
    """A toggle that shows a table of at most `MOST_ROWS` steps and a button to save all of them."""
    if not st.toggle(label, key=f"table-{key}"):
        return
    columns = as_columns(curves())
    steps = len(columns["step"])
    if steps > MOST_ROWS:
        st.markdown(f":small[{MOST_ROWS:,} of {steps:,} steps, evenly spaced. The file contains all of them.]")
    positions = np.unique(np.linspace(0, steps - 1, min(steps, MOST_ROWS)).astype(int))
    st.dataframe({name: values[positions] for name, values in columns.items()}, hide_index=True)
    st.download_button(
        "Save all as CSV", lambda: as_csv(as_columns(curves())), file, "text/csv", key=f"save-{key}", on_click="ignore"
    )
