"""What was understood of uploaded files, before a data set is created: classes, counts, doubts, what was left out."""

from typing import Any

import numpy as np
import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError, Dataset
from core.data.formats.image_folders import Reading
from core.data.sources.uploads import with_classes
from core.figures.montage import as_url, montage
from pages.parts.data.uploading import COLORS
from pages.parts.session.state import Lab
from pages.ui.formatting import plain


PARTS = {"train": "training", "validation": "validation", "test": "test"}
SHOWN = 3
TALL = 48
"""About the height of an image in pixels."""


def preview(lab: Lab, reading: Reading) -> None:
    dataset = reading.dataset
    st.header("Preview: nothing is created yet")
    st.markdown(_summary(dataset), width=720)
    for sentence in reading.warnings:
        st.warning(plain(sentence))
    for sentence in reading.understood:
        st.info(plain(sentence))
    _left_out(reading)
    st.subheader("Are these your classes?")
    if reading.ambiguous or lab.upload.inner:
        st.toggle(
            "The inner folders are the classes",
            value=lab.upload.inner,
            key="upload-inner",
            on_change=lambda: setattr(lab.upload, "inner", not lab.upload.inner),
        )
    names = _classes(dataset, lab.upload.ticket)
    label = st.text_input("Name of the data set", value=dataset.label, key=f"upload-label-{lab.upload.ticket}")
    create, discard = st.columns(2)
    if create.button("Create data set", key="make-set", type="primary", width="stretch"):
        _create(lab, reading, names, label)
    if discard.button("Discard", key="discard-set", width="stretch"):
        lab.upload.forget()
        lab.upload.path = ""
        st.rerun()


def _summary(dataset: Dataset) -> str:
    channels, height, width = dataset.shape
    counts = ", ".join(f"{len(dataset.parts.get(part, ())):,} {words}" for part, words in PARTS.items())
    return (
        f"{len(dataset.labels):,} images, {height} × {width} px, {COLORS[channels]}, of {dataset.classes:,} classes: "
        f"{counts}."
    )


def _left_out(reading: Reading) -> None:
    """Grouped by reason; nothing is shown if all was used."""
    if not reading.left_out:
        return
    count = sum(map(len, reading.left_out.values()))
    with st.expander(f"Left out: {count:,} {'file' if count == 1 else 'files'}", expanded=True):
        st.dataframe(
            {
                "reason": list(reading.left_out),
                "files": [len(files) for files in reading.left_out.values()],
                "the first of them": [", ".join(files[:3]) for files in reading.left_out.values()],
            },
            hide_index=True,
            alt="What was left out, and why",
        )


def _classes(dataset: Dataset, ticket: int) -> list[str]:
    """A table with the first images of each class and their counts, in which classes can be renamed or left out;
    the names as they are now, "" for a class that is left out."""
    st.markdown(
        ":small[Names can be changed here. Classes with the same name become one; a class without a tick is left out.]"
    )
    names = list(dataset.class_names)
    rows = [np.flatnonzero(dataset.labels == number)[:SHOWN] for number in range(dataset.classes)]
    zoom = max(1, TALL // dataset.shape[1])
    edited: Any = st.data_editor(
        {
            "used": [True] * len(names),
            "images": [as_url(montage(dataset.images[some], len(some), zoom)) for some in rows],
            "class": names,
            **{words: dataset.counts(part) for part, words in PARTS.items()},
        },
        column_config={
            "used": st.column_config.CheckboxColumn(width=80),
            "images": st.column_config.ImageColumn("first images", width=170),
            "class": st.column_config.TextColumn(required=True, max_chars=100),
        },
        disabled=["images", *PARTS.values()],
        hide_index=True,
        row_height=TALL + 12,
        key=f"upload-classes-{ticket}",
        alt="The classes with their first images and the number of images in each part",
    )
    return [str(name or "") if used else "" for name, used in zip(edited["class"], edited["used"], strict=True)]


def _create(lab: Lab, reading: Reading, names: list[str], label: str) -> None:
    try:
        with st.spinner("Creating the data set …"):
            dataset = with_classes(reading.dataset, names, label)
            name = catalogue.keep(dataset)
    except DataError as error:
        st.error(plain(str(error)))
        return
    lab.draft.choose_data(name)
    lab.upload.reading = None
    said = f"Created and selected the data set {dataset.label}."
    lab.upload.notes = (said, *reading.notes, *reading.warnings)
    st.rerun()
