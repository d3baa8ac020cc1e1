"""The numbers of a figure, folded away below it: as a table, and as a CSV file."""

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st


def numbers(
    title: str, columns: Mapping[str, Sequence | np.ndarray], key: str, save: str = "Save as CSV", **shown
) -> None:
    """`columns` by their headings, equally long. Nothing is sent before the table is opened: those of curves are long.
    `save`: the words of the button; `shown` goes to st.dataframe."""
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
    """All digits; a number that does not exist (0/0) is an empty cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in zip(*columns.values(), strict=True))
    return file.getvalue()


def _cell(value):
    value = value.item() if isinstance(value, np.generic) else value
    return "" if isinstance(value, float) and np.isnan(value) else value
