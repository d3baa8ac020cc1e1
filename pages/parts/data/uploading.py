"""Images of one's own become a data set: a .zip or a table sent by the browser, or a folder beside the data."""

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
    with st.expander("Images of your own", expanded=bool(lab.upload.notes)):
        st.markdown(
            "A **.zip** with one folder a class (cat/1.png, dog/1.png), with train and test folders above them if you like; or a "
            "**.csv** with a column *label* and one column a pixel. Who uses this dashboard sees the data set, too.",
            width=720,
        )
        size, color = st.columns(2)
        with size:
            whole("Make images … pixels wide", lab.upload.side, lambda v: setattr(lab.upload, "side", v), "upload-side")
        with color:
            bound(
                st.selectbox,
                "Colours",
                lab.upload.channels,
                lambda v: setattr(lab.upload, "channels", v),
                "upload-channels",
                options=list(COLORS),
                format_func=COLORS.get,
            )
        file = st.file_uploader("A .zip or .csv", type=["zip", "csv"], key="upload", max_upload_size=MOST_MEGABYTES)
        if st.button("Make a data set of it", key="make-set", disabled=file is None) and file is not None:
            side, channels = lab.upload.side, lab.upload.channels
            _make(lab, lambda: uploads.read_upload(file.getvalue(), file.name, side, channels))
        _from_the_data_folder(lab)
        for note in lab.upload.notes:
            st.info(plain(note))


def _from_the_data_folder(lab: Lab) -> None:
    """Paths of the server are read inside its data folder only: elsewhere they are nobody's business."""
    name = st.text_input(
        "Or a folder, .zip or .csv in the dashboard's data folder", key="upload-path", placeholder="my-images"
    )
    if st.button("Read it", key="read-path", disabled=not name.strip()):
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
    lab.upload.notes = (f"{reading.dataset.label} is a data set now, and chosen.", *reading.notes)
    st.rerun()
