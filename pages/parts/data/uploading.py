"""Your own images: an uploaded .zip or .csv file, or a folder in the data folder, read for a look before anything is
created."""

from collections.abc import Callable

import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.data.formats.image_folders import Progress, Reading
from core.data.sources import uploads
from pages.parts.session.state import Lab, Upload
from pages.ui.formatting import plain
from pages.ui.inputs import bound, whole


MOST_MEGABYTES = 200
COLORS = {1: "grey", 3: "in colour"}


def upload(lab: Lab) -> None:
    """Reads what was chosen into `lab.upload.reading`, which the page shows instead of the images of the draft."""
    state = lab.upload
    with st.expander("Your own images", expanded=state.key is not None):
        st.markdown(
            "A **.zip** with one folder per class (cat/1.png, dog/1.png), optionally inside train and test folders; or "
            "a **.csv** with a label and one column per pixel. You see what was understood before a data set is "
            "created. Everyone who uses this dashboard can see the data set.",
            width=720,
        )
        _settings(state)
        file = st.file_uploader(
            "Upload a .zip or .csv",
            type=["zip", "csv", "tsv", "txt"],
            key="upload",
            max_upload_size=MOST_MEGABYTES,
            on_change=lambda: setattr(state, "path", ""),
        )
        said = st.container()
        _from_the_data_folder(state)
        with said:
            _read(state, file)


def _read(state: Upload, file) -> None:
    """Reads the file or the path, and says what came of it."""
    if state.path:
        folder = catalogue.data_folder()
        _look(state, state.path, lambda progress: _read_path(state, uploads.inside(folder, state.path), progress))
    elif file is not None:
        _look(state, file.file_id, lambda progress: _read_file(state, file, progress))
    else:
        state.forget()
    if state.error:
        st.error(plain(state.error))
    if state.reading:
        made = state.reading.dataset
        st.success(
            f"Read: {len(made.labels):,} images of {made.classes:,} classes. Look at the preview, then create it."
        )
    for note in state.notes:
        st.info(plain(note))


def _settings(state: Upload) -> None:
    size, color = st.columns(2)
    with size:
        whole("Image size (px)", state.side, lambda v: setattr(state, "side", v), "upload-side")
    with color:
        bound(
            st.selectbox,
            "Colour",
            state.channels,
            lambda v: setattr(state, "channels", v),
            "upload-channels",
            options=list(COLORS),
            format_func=COLORS.get,
        )


def _from_the_data_folder(state: Upload) -> None:
    """Paths on the server are read only inside its data folder: the rest of its disk is private."""
    name = st.text_input(
        "Or the name of a folder, .zip or .csv in the dashboard's data folder",
        key="upload-path",
        placeholder="my-images",
    )
    if st.button("Look at it", key="read-path", disabled=not name.strip()):
        state.path = name.strip()
        state.key = ()


def _read_file(state: Upload, file, progress: Progress) -> Reading:
    return uploads.read_upload(file.getvalue(), file.name, state.side, state.channels, state.inner, progress)


def _read_path(state: Upload, path, progress: Progress) -> Reading:
    return uploads.read_path(path, state.side, state.channels, state.inner, progress)


def _look(state: Upload, source: str, read: Callable[[Progress], Reading]) -> None:
    """Reads once for each file and each choice of settings."""
    key = (source, state.side, state.channels, state.inner)
    if state.key == key:
        return
    bar = st.progress(0.0, "Reading the images …")

    def report(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), f"{done:,} of {total:,} images")

    reading, error = None, ""
    try:
        reading = read(report)
    except DataError as why:
        error = str(why)
    bar.empty()
    state.key, state.reading, state.error, state.notes = key, reading, error, ()
