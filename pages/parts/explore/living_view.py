"""The whole network at work: the run as a living network, beside others that take the same images."""

from functools import partial

import numpy as np
import streamlit as st

from core.arrays import Array
from core.backend import BackendError
from core.data import new_image
from core.data.dataset import DataError
from core.data.formats.image_file import LeftOutError
from core.explain.questions import Activations
from core.runs.folder import Run, RunError, all_runs
from pages.parts.explore.image_picker import row_of_data
from pages.parts.explore.subject import Samples, Subject
from pages.parts.runs.runs_picker import run_labels
from pages.recorded import shipped
from pages.ui.backend_labels import label
from pages.ui.formatting import plain
from pages.widgets.explain.living_network import Examples, Living, fits, living_network, of_shipped, same_images


EXAMPLES = 24
MOST_OTHERS = 5
FILES = ["png", "jpg", "jpeg", "webp", "bmp", "gif"]


def show(subject: Subject) -> None:
    run, own = subject.run, {one.id: one for one in all_runs() if one.remembered()}
    others = [one for one in [*own.values(), *shipped.shipped().values()] if beside(one, run)][:MOST_OTHERS]
    labels = run_labels({**own, run.id: run})
    networks = [of_shipped(one) if shipped.is_shipped(one) else of_run(one, labels[one.id]) for one in [run, *others]]
    stage = st.container()
    shown = with_upload(subject, examples(subject))
    with stage:
        try:
            living_network(f"stage-{run.id}", networks, shown, ask=partial(outputs, subject))
        except (BackendError, RunError) as error:
            st.error(plain(str(error)))
            return
        by = (
            "in your browser, by the arithmetic of the NumPy reference" if fits(run) else f"by {label(subject.backend)}"
        )
        st.caption(f"Computed {by}.")


def outputs(subject: Subject, image: Array, layers: tuple[str, ...]) -> dict[str, Array]:
    """What a host says of one image. Raises BackendError or RunError."""
    answer = subject.ask(Activations(layers=layers), images=subject.scaled(image[None]))
    return {name: values[0].astype(np.float32) for name, values in answer.items()}


def beside(one: Run, run: Run) -> bool:
    return one.path != run.path and same_images(one, run) and fits(one)


def of_run(run: Run, label: str) -> Living:
    about = {"run": run.id, "data": run.experiment.data.name, "trained by": run.trained_by, "created": run.created[:10]}
    return Living(run, label, about=about)


def examples(subject: Subject) -> Samples | None:
    """Images that the network has not seen; None, with the reason, if there are none."""
    try:
        return subject.samples(EXAMPLES)
    except DataError as error:
        st.caption(plain(str(error)))
        return None


def with_upload(subject: Subject, samples: Samples | None) -> Examples:
    """The examples, before them the image in the address (?image=ROW) or one of the user's own, prepared as the data
    set's are."""
    none = np.zeros((0, *subject.shape), np.uint8), np.zeros(0, int)
    known = Examples(*none) if samples is None else Examples(samples.images, samples.labels)
    linked = st.query_params.get("image", "")
    if linked.isdecimal() and len(linked) < 10 and (picked := row_of_data(subject, int(linked))) is not None:
        known = Examples(
            np.concatenate([picked.image[None], known.images]), np.concatenate([[picked.label], known.labels])
        )
    with st.popover("Use an image of your own"):
        prepare = st.toggle("Prepare it as the data set's images are", value=True, key="living-prepare")
        file = st.file_uploader("Image", FILES, key="living-upload")
    if file is None:
        return known
    try:
        image = new_image.from_file(file.getvalue(), subject.run.experiment.data.name, subject.shape, prepare)
    except LeftOutError as error:
        st.error(plain(str(error)))
        return known
    for remark in image.remarks:
        st.caption(plain(remark))
    return known.after(image.pixels)
