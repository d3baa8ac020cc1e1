"""The numbers of a figure in an expander below it: as a table and as a CSV file."""

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st


def numbers(
    title: str, columns: Mapping[str, Sequence | np.ndarray], key: str, save: str = "Save as CSV", **shown
) -> None:
    """`columns`: {heading: values}, all of the same length. Nothing is sent until the table is opened, since tables of
    curves are long. `save`: label of the button; `shown` is passed to st.dataframe."""
    with st.expander(title, key=f"numbers-{key}", on_change="rerun") as folded:
        if not folded.open:
            return
        st.dataframe(dict(columns), hide_index=True, **shown)
        st.download_button(
            save,
            lambda: csv_text(columns),
            file_name=f"{key}.csv",
            mime="text/csv",
            key=f"csv-{key}",
            on_click="ignore",
        )


def csv_text(columns: Mapping[str, Sequence | np.ndarray]) -> str:
    """All digits; an undefined number (0/0) becomes an empty cell. A text that a spreadsheet would compute, =1+1, gets
    an apostrophe in front."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([_cell(value) for value in row] for row in zip(*columns.values(), strict=True))
    return file.getvalue()


def _cell(value):
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if isinstance(value, float) and np.isnan(value) else value
