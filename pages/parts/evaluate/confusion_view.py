"""The confusion matrix: a table of buttons, each of which shows the images it counts."""

import numpy as np
import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.figures.gallery import gallery
from core.metrics.evaluation import Evaluation
from core.runs.folder import Run
from pages.ui.component import component
from pages.ui.formatting import share
from pages.ui.number_table import numbers


MOST_IMAGES = 24


_MATRIX = component(__file__, html="<div><table></table></div>")


def confusion_matrix(
    judged: Evaluation, names: tuple[str, ...], rows: np.ndarray, data: str, key: str, run: Run | None = None
) -> None:
    """`rows` (N,) of the images in the data set `data`. At first, the largest off-diagonal cell is open. With `run`, an
    image leads to the explanation of this run's answer."""
    classes, true_key, predicted_key, matrix_key = range(len(names)), f"true-{key}", f"said-{key}", f"matrix-{key}"
    if true_key not in st.session_state:
        st.session_state[true_key], st.session_state[predicted_key] = judged.most_confused()

    def open_cell():
        st.session_state[true_key], st.session_state[predicted_key] = st.session_state[matrix_key].cell

    table, images = st.columns([6, 5], gap="large")
    with images:
        left, right = st.columns(2)
        true = left.selectbox("True class", classes, key=true_key, format_func=names.__getitem__)
        predicted = right.selectbox("Predicted class", classes, key=predicted_key, format_func=names.__getitem__)
        _images_behind(judged, names, rows, data, true, predicted, run)
    with table:
        _MATRIX(
            key=matrix_key,
            data={
                "counts": judged.matrix.tolist(),
                "names": list(names),
                "chosen": [true, predicted],
                "title": "Correct answers are on the diagonal; a strong tint elsewhere is a systematic confusion. "
                "Select a cell to see its images",
            },
            on_cell_change=open_cell,
        )
        st.markdown(
            ":small[The tint of a cell is the square root of its share of the row, so that rare errors are visible "
            "too.]"
        )
    predictions = {f"predicted {name}": judged.matrix[:, index] for index, name in enumerate(names)}
    columns = {"true class": list(names)} | predictions
    numbers("The confusion matrix as a table", columns, f"confusion-{key}")


def _images_behind(
    judged: Evaluation, names, rows: np.ndarray, data: str, true: int, predicted: int, run: Run | None
) -> None:
    indices = judged.behind(true, predicted)
    heading = f"**True {names[true]}, predicted {names[predicted]}: {len(indices)} image{'s' * (len(indices) != 1)}.**"
    if not len(indices):
        st.markdown(f"{heading} This never happened.")
        return
    limit = f" Only the {MOST_IMAGES} most confident are shown." if len(indices) > MOST_IMAGES else ""
    st.markdown(f"{heading} The network's confidence is below each image.{limit}{hint(run)}")
    shown = indices[:MOST_IMAGES]
    captions = [share(confidence) for confidence in judged.confidence[shown]]
    alts = [f"true {names[true]}, predicted {names[predicted]} with {caption}" for caption in captions]
    show_images(data, rows[shown], captions, alts, run)


def hint(run: Run | None) -> str:
    return " Select an image to ask why." if run is not None and run.remembered() else ""


def show_images(data: str, rows: np.ndarray, captions: list[str], alts: list[str], run: Run | None = None) -> None:
    """Images of a data set with a caption below each, or a message if the data set is not on this computer. If `run`
    has weights, an image leads to Explore, which explains the answer."""
    try:
        images = catalogue.load(data).images
    except DataError as error:
        st.info(f"The images themselves cannot be shown. {error}")
        return
    links = [f"explore?run={run.id}&view=why&image={row}" for row in rows] if run and run.remembered() else None
    st.html(gallery(images[rows], captions, alts, links=links))
