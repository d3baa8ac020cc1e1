"""Turns your own images into a data set: an uploaded .zip or .csv file, or a folder in the data folder."""

from collections.abc import Callable

import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.data.formats.image_folders import Reading
from core.data.sources import uploads
from pages.parts.session.state import Lab
from pages.ui.formatting import plain
from pages.ui.inputs import bound, whole


MOST_MEGABYTES = 200
COLORS = {1: "grey", 3: "in colour"}


def upload(lab: Lab) -> None:
    with st.expander("Your own images", expanded=bool(lab.upload.notes)):
        st.markdown(
            "A **.zip** with one folder per class (cat/1.png, dog/1.png), optionally inside train and test folders; or "
            "a **.csv** with a column *label* and one column per pixel. Everyone who uses this dashboard can see the "
            "data set.",
            width=720,
        )
        size, color = st.columns(2)
        with size:
            whole("Image width (pixels)", lab.upload.side, lambda v: setattr(lab.upload, "side", v), "upload-side")
        with color:
            bound(
                st.selectbox,
                "Colour",
                lab.upload.channels,
                lambda v: setattr(lab.upload, "channels", v),
                "upload-channels",
                options=list(COLORS),
                format_func=COLORS.get,
            )
        file = st.file_uploader(
            "Upload a .zip or .csv", type=["zip", "csv"], key="upload", max_upload_size=MOST_MEGABYTES
        )
        if st.button("Create the data set", key="make-set", disabled=file is None) and file is not None:
            side, channels = lab.upload.side, lab.upload.channels
            _make(lab, lambda: uploads.read_upload(file.getvalue(), file.name, side, channels))
        _from_the_data_folder(lab)
        for note in lab.upload.notes:
            st.info(plain(note))


def _from_the_data_folder(lab: Lab) -> None:
    """Reads paths on the server only inside its data folder: the rest of its disk is private."""
    name = st.text_input(
        "Or the name of a folder, .zip or .csv in the dashboard's data folder",
        key="upload-path",
        placeholder="my-images",
    )
    if st.button("Load it", key="read-path", disabled=not name.strip()):
        side, channels = lab.upload.side, lab.upload.channels
        _make(lab, lambda: uploads.read_inside(catalogue.data_folder(), name.strip(), side, channels))


def _make(lab: Lab, read: Callable[[], Reading]) -> None:
    try:
        with st.spinner("Reading the images …"):
            reading = read()
            name = catalogue.keep(reading.dataset)
    except DataError as error:
        lab.upload.notes = ()
        st.error(plain(str(error)))
        return
    lab.draft.choose_data(name)
    lab.upload.notes = (f"Created and selected the data set {reading.dataset.label}.", *reading.notes)
    st.rerun()
