"""Why this answer: six explanations of one answer, how far they can be trusted, and what each class responds to."""

from zlib import crc32

import numpy as np
import streamlit as st

from core.arrays import Array
from core.backend import BackendError
from core.data import catalogue
from core.data.dataset import DataError
from core.explain.questions import Predict
from core.runs.folder import RunError
from pages.parts.explore.cam_cells import cell_by_cell
from pages.parts.explore.image_picker import DRAW, Picked, can_be_drawn, image_picker
from pages.parts.explore.image_strip import image_strip
from pages.parts.explore.maximise_view import what_excites
from pages.parts.explore.six_maps import Asked, explain, show_maps
from pages.parts.explore.subject import Samples, Subject
from pages.parts.explore.trust_view import between_backends, random_weights
from pages.ui.formatting import percent, sentence
from pages.ui.page_script import address


SAMPLES = 60


def show(subject: Subject) -> None:
    """Says in one sentence what cannot be shown. In the address: ?image=ROW&class=NUMBER."""
    try:
        picked, row = chosen_image(subject)
        if picked is None:
            return
        image = picked.image
        x = subject.scaled(image[None])
        shares = subject.ask(Predict(), images=x)["probabilities"][0]
        key = f"{subject.run.id}-{subject.step}-{subject.backend}-{crc32(image.tobytes()):08x}"
        label = chosen_class(subject, shares, picked.label, key)
        asked = Asked(subject, image, x, black(subject), label)
        answers = explain(asked)
        show_maps(asked, answers, shares)
        if "grad_cam" in answers:
            cell_by_cell(asked, answers["grad_cam"], row, f"{key}-{label}")
        left, right = st.columns(2, gap="large")
        with left:
            between_backends(asked, answers, f"{key}-{label}")
        with right:
            random_weights(asked, answers, f"{key}-{label}")
        what_excites(subject, label)
    except (BackendError, RunError, DataError) as error:
        st.error(sentence(str(error)))


def chosen_image(subject: Subject) -> tuple[Picked | None, str]:
    """One of the samples with its row in the data set, or the user's own."""
    own = can_be_drawn(subject) and st.segmented_control(
        "Image",
        ["Examples", "Your own image"],
        default="Examples",
        required=True,
        key=f"why-source-{subject.run.id}",
        label_visibility="collapsed",
    )
    if own == "Your own image":
        address("image", None)
        return image_picker(subject, f"why-own-{subject.run.id}", DRAW), ""
    samples = with_linked(subject, subject.samples(SAMPLES))
    chosen = sample_of(subject, samples)
    row = str(samples.rows[chosen])
    address("image", row)
    return Picked(samples.images[chosen], int(samples.labels[chosen]), f"row {row}"), row


def with_linked(subject: Subject, samples: Samples) -> Samples:
    """The samples, with the image in the link first if it is not among them."""
    linked = st.query_params.get("image", "")
    if not linked.isdecimal() or int(linked) in samples.rows:
        return samples
    dataset, row = catalogue.load(subject.run.experiment.data.name), int(linked)
    if row >= len(dataset.images):
        st.warning(f"{dataset.label} has no image {row}. The first sample is shown instead.")
        return samples
    return Samples(
        np.concatenate([dataset.images[row : row + 1], samples.images]),
        np.concatenate([dataset.labels[row : row + 1], samples.labels]),
        samples.origin,
        np.concatenate([[row], samples.rows]),
    )


def sample_of(subject: Subject, samples: Samples) -> int:
    linked = st.query_params.get("image", "")
    rows = samples.rows.tolist()
    first = rows.index(int(linked)) if linked.isdecimal() and int(linked) in rows else 0
    names = [f"{subject.class_names[label]}, row {row}" for label, row in zip(samples.labels, rows, strict=True)]
    return image_strip("Image", samples.images, names, first, f"why-image-{subject.run.id}")


def chosen_class(subject: Subject, shares: Array, truth: int | None, key: str) -> int:
    """By default the predicted one."""
    predicted, names = int(shares.argmax()), subject.class_names
    linked = st.query_params.get("class", "")
    order = np.argsort(-shares, kind="stable").tolist()
    first = int(linked) if linked.isdecimal() and int(linked) < len(shares) else predicted

    def label_of(number: int) -> str:
        marks = [word for word, here in (("predicted", predicted), ("true class", truth)) if number == here]
        return f"{names[number]} · {percent(float(shares[number]))}" + (f" · {', '.join(marks)}" if marks else "")

    chosen = st.selectbox(
        "Why this class, or why not another?",
        order,
        index=order.index(first),
        key=f"why-class-{key}",
        format_func=label_of,
        width=340,
    )
    address("class", None if chosen == predicted else str(chosen))
    return chosen


def black(subject: Subject) -> Array:
    """A black image (C, H, W) as the network takes it: the baseline of attributions."""
    return subject.scaled(np.zeros((1, *subject.shape), np.uint8))[0]
