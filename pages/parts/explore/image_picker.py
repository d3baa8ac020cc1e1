"""Chooses the image that a view looks at: one of the data set, a file, a photo or a drawing. What is new to the data
set is prepared as the images in it were."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from core.arrays import Array
from core.data import catalogue
from core.data.dataset import DataError
from core.data.formats.image_file import ENDINGS, LeftOutError
from core.data.new_image import INK_BOXES, NewImage, from_drawing, from_file
from core.runs.folder import RunError
from pages.parts.explore.subject import Samples, Subject
from pages.ui.drawing import drawing
from pages.ui.formatting import plain, sentence


LEAST_SIDE = 8
"""Smaller images are no pictures: one cannot draw the coordinates of a point."""
SOURCES = {"sample": "Example", "drawing": "Draw", "file": "Upload", "photo": "Camera"}
DRAW, EXAMPLE = "drawing", "sample"


@dataclass(frozen=True, eq=False)
class Picked:
    image: Array
    """(C, H, W) uint8, as in the data set; `subject.scaled(picked.image[None])` is what the network takes."""
    label: int | None
    """The index of its class, if it is known."""
    origin: str
    """A few words, such as "test image 3" or "your drawing"."""
    new: NewImage | None = None
    """How it was prepared, unless it is of the data set."""


def image_picker(subject: Subject, key: str, first: str = EXAMPLE, *, can_skip: bool = False) -> Picked | None:
    """Shows the controls, and returns the chosen image; None while there is none. `first`: a key of SOURCES.

    An address with ?image=ROW chooses that row of the data set. `can_skip` offers a switch that leaves a new image as
    it is. What one stroke costs depends on what is rerun: call it in a fragment."""
    choices = [source for source in SOURCES if source == EXAMPLE or can_be_drawn(subject)]
    source = st.segmented_control(
        "Image",
        choices,
        default=first if first in choices else EXAMPLE,
        required=True,
        format_func=SOURCES.__getitem__,
        key=f"{key}-source",
        label_visibility="collapsed",
    )
    if source == EXAMPLE:
        return _example(subject, key)
    prepare = not can_skip or st.toggle(
        "Prepare it like the network's data", True, key=f"{key}-prepare", help=_what_preparing_means(subject)
    )
    picked = _drawn(subject, key, prepare) if source == DRAW else _from_file(subject, key, source, prepare)
    if picked is None and source != DRAW:
        st.caption("The answer appears as soon as there is an image.")
    return picked


def can_be_drawn(subject: Subject) -> bool:
    """Whether the network takes pictures, grey or in colours."""
    channels, *sides = subject.shape
    return channels in (1, 3) and min(sides) >= LEAST_SIDE


def row_of_data(subject: Subject, row: int) -> Picked | None:
    """The image in this row of the run's data set; None if there is none."""
    try:
        dataset = catalogue.load(subject.run.experiment.data.name)
    except DataError:
        return None
    if not 0 <= row < len(dataset.labels):
        return None
    return Picked(dataset.images[row], int(dataset.labels[row]), f"image {row} of {dataset.label}")


def _example(subject: Subject, key: str) -> Picked | None:
    asked = st.query_params.get("image", "")
    linked = row_of_data(subject, int(asked)) if asked.isdecimal() and len(asked) < 10 else None
    if asked and linked is None:
        st.warning(f"There is no image “{plain(asked)}” in this data set. An example is shown instead.")
    if linked is not None and st.toggle(f"Show {linked.origin}", True, key=f"{key}-linked-{asked}"):
        return linked
    try:
        samples: Samples = subject.samples()
    except (DataError, RunError) as error:
        st.info(f"{sentence(str(error))} Draw or upload an image instead.")
        return None
    names = subject.class_names
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    wanted = left.selectbox(
        "Class",
        [None, *(k for k in range(len(names)) if (samples.labels == k).any())],
        format_func=lambda k: "any" if k is None else names[k],
        key=f"{key}-class",
    )
    rows = np.flatnonzero(samples.labels == wanted) if wanted is not None else np.arange(len(samples.labels))
    number = right.number_input(f"Number, of {len(rows)}", 1, len(rows), key=f"{key}-number-{wanted}")
    row = rows[int(number) - 1]
    return Picked(samples.images[row], int(samples.labels[row]), f"{number} of {len(rows)} {samples.origin}")


def _drawn(subject: Subject, key: str, prepare: bool) -> Picked | None:
    drawn = drawing(f"{key}-pad-{'x'.join(map(str, subject.shape))}", subject.shape, paper(subject))
    if drawn is None:
        return None
    new = _on_known_paper(from_drawing(drawn, subject.run.experiment.data.name, prepare), subject)
    return Picked(new.pixels, None, "your drawing", new)


def _from_file(subject: Subject, key: str, source: str, prepare: bool) -> Picked | None:
    if source == "photo":
        given = st.camera_input("Photo", key=f"{key}-photo", width=320)
    else:
        endings = [ending.removeprefix(".") for ending in ENDINGS]
        given = st.file_uploader("Image file", endings, key=f"{key}-file")
    if given is None:
        return None
    try:
        new = from_file(given.getvalue(), subject.run.experiment.data.name, subject.shape, prepare)
        new = _on_known_paper(new, subject)
    except LeftOutError as error:
        st.error(f"This file is {error}.")
        return None
    return Picked(new.pixels, None, "your photo" if source == "photo" else plain(given.name), new)


def _on_known_paper(new: NewImage, subject: Subject) -> NewImage:
    """With a warning if its background is bright where that of the training images is dark, or the other way round.
    For digits, this is known from how they were prepared."""
    ground, usual = float(np.median(edges(new.pixels))), paper(subject)
    if subject.run.experiment.data.name in INK_BOXES or abs(ground - usual) < 128:
        return new
    seen, known = ("bright", "dark") if usual == 0 else ("dark", "bright")
    warning = f"Its background is {seen}, and that of the data set is {known}: the network is not used to this."
    return replace(new, warnings=(*new.warnings, warning))


def edges(images: Array) -> Array:
    """The outermost pixels of images (..., H, W)."""
    return np.concatenate([images[..., [0, -1], :].ravel(), images[..., [0, -1]].ravel()])


def paper(subject: Subject) -> int:
    """The grey level of an empty drawing pad: the background of the run's data, black for digits."""
    data = subject.run.experiment.data.name
    if data in INK_BOXES:
        return 0
    known = st.session_state.setdefault("paper-of-data", {})
    if data not in known:
        try:
            known[data] = 255 if np.median(edges(subject.samples().images)) > 127 else 0
        except (DataError, RunError):
            known[data] = 255
    return known[data]


def _what_preparing_means(subject: Subject) -> str:
    box, side = INK_BOXES.get(subject.run.experiment.data.name), subject.shape[2]
    if box is None:
        return "Cropped to the middle and scaled, as the images were when the data set was uploaded."
    return (
        f"White ink on black, scaled into a box of {box} × {box} pixels and centred in {side} × {side}, as the digits "
        "of the data set were. Switch it off to see what the network makes of the image as it is."
    )
