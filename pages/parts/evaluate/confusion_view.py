"""The confusion matrix: a table of buttons, each of which opens the images it counts."""

import numpy as np
import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.figures.gallery import gallery
from core.metrics.evaluation import Evaluation
from pages.ui.component import component
from pages.ui.formatting import share
from pages.ui.number_table import numbers


MOST_IMAGES = 24


_MATRIX = component(__file__, html="<div><table></table></div>")


def confusion_matrix(judged: Evaluation, names: tuple[str, ...], rows: np.ndarray, data: str, key: str) -> None:
    """`rows` (N,) of the images in the data set called `data`. The fullest cell beside the diagonal is open at first."""
    classes, true_key, said_key, matrix_key = range(len(names)), f"true-{key}", f"said-{key}", f"matrix-{key}"
    if true_key not in st.session_state:
        st.session_state[true_key], st.session_state[said_key] = judged.most_confused()

    def open_cell():
        st.session_state[true_key], st.session_state[said_key] = st.session_state[matrix_key].cell

    table, images = st.columns([6, 5], gap="large")
    with images:
        left, right = st.columns(2)
        true = left.selectbox("Truth", classes, key=true_key, format_func=names.__getitem__)
        said = right.selectbox("The network said", classes, key=said_key, format_func=names.__getitem__)
        _images_behind(judged, names, rows, data, true, said)
    with table:
        _MATRIX(
            key=matrix_key,
            data={
                "counts": judged.matrix.tolist(),
                "names": list(names),
                "chosen": [true, said],
                "title": "Right answers stand on the diagonal; a strong tint beside it is a habit. Press a cell for its images",
            },
            on_cell_change=open_cell,
        )
        st.markdown(
            ":small[The tint of a cell is the square root of its share of the row, so that few errors show too.]"
        )
    columns = {"truth": list(names)} | {f"said {name}": judged.matrix[:, index] for index, name in enumerate(names)}
    numbers("The confusion matrix as a table", columns, f"confusion-{key}")


def _images_behind(judged: Evaluation, names, rows: np.ndarray, data: str, true: int, said: int) -> None:
    positions = judged.behind(true, said)
    what = f"**True {names[true]}, predicted {names[said]}: {len(positions)} image{'s' * (len(positions) != 1)}.**"
    if not len(positions):
        st.markdown(f"{what} This never happened.")
        return
    more = f" The {MOST_IMAGES} surest are shown." if len(positions) > MOST_IMAGES else ""
    st.markdown(f"{what} Below each, how sure the network was of its answer.{more}")
    shown = positions[:MOST_IMAGES]
    captions = [share(sure) for sure in judged.confidence[shown]]
    alts = [f"true {names[true]}, predicted {names[said]} with {caption}" for caption in captions]
    show_images(data, rows[shown], captions, alts)


def show_images(data: str, rows: np.ndarray, captions: list[str], alts: list[str]) -> None:
    """Images of a data set with a line below each; where the set is not here, the sentence that says so."""
    try:
        images = catalogue.load(data).images
    except DataError as error:
        st.info(f"The images themselves cannot be shown. {error}")
        return
    st.html(gallery(images[rows], captions, alts))
