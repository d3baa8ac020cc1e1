"""Break it: one image changed until the network fails, whether maps move along with the image, the accuracy on changed
images, confident mistakes, and the same network trained again with augmentation."""

import numpy as np
import streamlit as st

from backends.executors import robustness_jobs
from backends.executors.local import executor
from core.arrays import Array
from core.backend import BackendError
from core.data import catalogue
from core.data.dataset import DataError
from core.data.preparation.affine import moved, warp
from core.data.preparation.augmentation import Rotate, Shift
from core.experiment import experiment as experiments
from core.experiment.experiment import Experiment, ExperimentError
from core.explain.moved_maps import Moved, moved_along, strides
from core.explain.questions import Activations
from core.figures.gallery import gallery
from core.figures.montage import stretched
from core.metrics.evaluation import Evaluation
from core.runs import predictions, robustness
from core.runs.folder import Run, RunError, all_runs
from pages.parts.evaluate.robustness_view import on_changed_images
from pages.parts.explore.breaker import breaker, is_small
from pages.parts.explore.image_picker import Picked, can_be_drawn, image_picker
from pages.parts.explore.subject import Subject
from pages.recorded import shipped
from pages.ui import backend_labels
from pages.ui.formatting import plain, sentence, share
from pages.ui.tables import table


MISTAKES = 12
TALL = 96
TICK = 1.0
AUGMENTED = "Shifts and rotations"


def show(subject: Subject) -> None:
    if not can_be_drawn(subject):
        st.info("This network takes no pictures, so there is nothing to shift, rotate or hide.")
        return
    st.header("Change an image until it breaks")
    st.fragment(_under_sliders)(subject)
    st.header("Confident mistakes")
    _mistakes(subject)
    st.header("Accuracy on changed images")
    _curves(subject)
    st.header("Train it again with augmentation")
    _augmentation(subject)


def _under_sliders(subject: Subject) -> None:
    picked = image_picker(subject, f"break-{subject.run.id}")
    if picked is None:
        return
    try:
        breaker(subject, picked.image, picked.label, f"breaker-{subject.run.id}-{subject.step}")
        who = "Your browser" if is_small(subject) else backend_labels.label(subject.backend)
        st.caption(
            f"{who} computes the answers. The gradient's signs are from {backend_labels.label(subject.backend)}."
        )
        st.header("Do the maps move along?")
        _equivariance(subject, picked)
    except (BackendError, RunError, DataError) as error:
        st.error(sentence(str(error)))


# --- equivariance


def _equivariance(subject: Subject, picked: Picked) -> None:
    jumps = strides(subject.network)
    if not jumps:
        st.info("This network has no layer with maps: a dense layer knows nothing of places.")
        return
    st.markdown(
        "Shift the image, and compare the maps of each layer with its maps of before, shifted as much. A convolution "
        "moves along; a pool only if its stride divides the shift; the border breaks both.",
        width=720,
    )
    half = min(subject.shape[1:]) // 2
    key = f"break-{subject.run.id}"
    with st.container(horizontal=True):
        right = int(st.number_input("Shift right (pixels)", -half, half, 2, key=f"{key}-moved-right", width=200))
        down = int(st.number_input("Shift down (pixels)", -half, half, 0, key=f"{key}-moved-down", width=200))
        layer = st.selectbox("Maps of", list(jumps), key=f"{key}-moved-layer", width=240)
    shifted = warp(picked.image[None], moved(np.array([[-down, -right]]))[:, :2], 0)
    maps = subject.ask(
        Activations(layers=tuple(jumps)), images=subject.scaled(np.concatenate([picked.image[None], shifted]))
    )
    results = {name: moved_along(maps[name][0], maps[name][1], (down, right), jump) for name, jump in jumps.items()}
    chosen = results[layer]
    if np.isnan(chosen.share):
        st.markdown(f"**{plain(layer)}**: nothing can be compared; all of its maps are 0, or the shift is too large.")
    else:
        st.markdown(
            f"**{plain(layer)}: {chosen.share:.0%} of the maps move along.** " + _in_words(chosen, jumps[layer])
        )
    _two_maps(maps[layer], chosen.expected, layer)
    rows = [
        [name, f"{result.shift[1]}, {result.shift[0]}", "yes" if result.exact else "rounded", share(result.share)]
        for name, result in results.items()
    ]
    with st.expander("All layers"):
        heads = ["layer", "maps should move right, down", "whole steps", "move along"]
        table(heads, rows, "How much of each layer's maps moves along with the image")


def _in_words(result: Moved, jump: tuple[int, int]) -> str:
    if result.exact:
        return f"The image moved by {result.shift[1]}, {result.shift[0]} steps of this layer (right, down)."
    return (
        f"One step of its maps is {jump[1]} × {jump[0]} pixels, which does not divide the shift: the best they could "
        f"do is {result.shift[1]}, {result.shift[0]} steps."
    )


def _two_maps(maps: Array, expected: Array, layer: str) -> None:
    """The map with the most activity: before, where it should be, and where it is."""
    strongest = int(np.abs(maps[0]).sum(axis=(1, 2)).argmax())
    images = stretched(np.stack([maps[0][strongest], expected[strongest], maps[1][strongest]])[:, None])
    words = [f"{layer}, map {strongest + 1}: before", "before, shifted", "of the shifted image"]
    st.html(gallery(images, words, words, TALL))


# --- mistakes


def _mistakes(subject: Subject) -> None:
    run = subject.run
    recording = predictions.load(run.predictions_path, "test") or predictions.load(run.predictions_path, "validation")
    if recording is None:
        st.info("No predictions are stored with this network, so its mistakes are not known.")
        return
    judged = Evaluation(recording.logits, recording.labels, run.experiment.training.loss)
    wrong = np.flatnonzero(judged.predicted != recording.labels)
    sure = judged.probabilities.max(axis=1)
    rows = wrong[np.argsort(-sure[wrong], kind="stable")][:MISTAKES]
    if not len(rows):
        st.markdown(f"None: all {len(recording.labels):,} images are classified correctly.")
        return
    try:
        images = catalogue.load(run.experiment.data.name).images[recording.rows[rows]]
    except DataError as error:
        st.info(sentence(str(error)))
        return
    st.markdown(
        f"{len(wrong):,} of {len(recording.labels):,} are wrong. These are the ones about which the network is surest.",
        width=720,
    )
    names = subject.class_names
    with st.container(horizontal=True, gap="medium"):
        for image, row in zip(images, rows, strict=True):
            said, true = names[judged.predicted[row]], names[recording.labels[row]]
            with st.container(width=132, gap="small"):
                caption = f"{said}, {share(sure[row])}; it is {true}"
                st.html(gallery(image[None], [caption], [f"test image: {caption}"], TALL))
                at = int(recording.rows[row])
                st.button(f"Why {said}?", key=f"why-{run.id}-{at}", type="tertiary", on_click=_ask_why, args=(at,))


def _ask_why(row: int) -> None:
    """Opens the view that explains the answer to this image of the data set."""
    st.session_state["explore-view"] = "why"
    st.query_params["image"] = str(row)


# --- curves of accuracy, and augmentation


def _curves(subject: Subject) -> None:
    run = subject.run
    recording = predictions.load(run.predictions_path, "test")
    if shipped.is_shipped(run) or recording is None:
        st.info("This is measured on a run's test images. Train a network of your own, and look at it here.")
        return
    everything = all_runs()
    _lay_over(run, _trained_with_augmentation(run, everything))
    on_changed_images(run, everything, int(recording.rows[0]))


def _lay_over(run: Run, new: Run | None) -> None:
    """Once, when it has been measured, the curve of the run with augmentation is put beside that of `run`."""
    laid = f"laid-over-{run.id}"
    if new is not None and laid not in st.session_state and robustness.load(new.path) is not None:
        st.session_state[laid] = True
        beside = f"beside-{run.id}"
        st.session_state[beside] = [*st.session_state.get(beside, []), new.id]


def _trained_with_augmentation(run: Run, everything: list[Run]) -> Run | None:
    try:
        wanted = augmented(run.experiment).hash
    except ExperimentError:
        return None
    return next((it for it in everything if it.experiment.hash == wanted and it.id != run.id), None)


def moves(experiment: Experiment) -> tuple[Shift, Rotate]:
    """What augmentation does to images of this size: shifts by up to a ninth of them, as 3 of 28 pixels, and turns."""
    return Shift(pixels=max(1, min(experiment.network.input_shape[1:]) // 9)), Rotate(degrees=15)


def augmented(experiment: Experiment) -> Experiment:
    """The same experiment with shifts and rotations of its training images. Raises ExperimentError."""
    kept = [one for one in experiment.data.augmentation if not isinstance(one, Shift | Rotate)]
    transforms = [one.model_dump(mode="json") for one in (*kept, *moves(experiment))]
    title = f"{AUGMENTED}: {experiment.title or 'untitled'}"
    return experiments.changed(experiment, **{"title": title, "data.augmentation": transforms})


def _augmentation(subject: Subject) -> None:
    run = subject.run
    try:
        wanted = augmented(run.experiment)
    except ExperimentError as error:
        st.info(sentence(str(error)))
        return
    if wanted.data.augmentation == run.experiment.data.augmentation:
        st.info("This network was trained with these shifts and rotations already. Look at one without them.")
        return
    shift, turn = moves(run.experiment)
    st.markdown(
        f"The same experiment, with every training image shifted by up to {shift.pixels} pixels and rotated by up to "
        f"{turn.degrees:g}°, differently in each epoch. How do the curves above change?",
        width=720,
    )
    new = _trained_with_augmentation(run, all_runs())
    if new is None:
        if (problem := subject.data_problem) or shipped.is_shipped(run):
            st.info(sentence(problem or "train the network yourself first"))
        elif st.button("Retrain with augmentation", type="primary", key=f"augment-{run.id}"):
            try:
                executor().start(wanted, run.backend, run.device)
            except (BackendError, RunError) as error:
                st.error(sentence(str(error)))
                return
            st.rerun()
        return
    if not new.status().ended:
        st.fragment(_training, run_every=TICK)(new)
    else:
        _measured_beside(run, new)


def _training(new: Run) -> None:
    status = new.status()
    if status.ended:
        st.rerun()
    done = status.step / status.total_steps if status.total_steps else 0.0
    words = f"Training in {backend_labels.label(new.backend)}: step {status.step:,} of {status.total_steps:,}"
    st.progress(min(1.0, done), words if status.step else f"The run is {status.state}")
    st.caption("Its curves are on the page Train. When it has ended, its accuracy is laid over the old one.")


def _measured_beside(run: Run, new: Run) -> None:
    """Measures what is missing of both, and lays the new curve over the old one."""
    status = new.status()
    if status.state != "finished":
        st.warning(f"The run with augmentation is {status.state}: {plain(status.reason)}.")
        return
    missing = [it for it in (run, new) if robustness.load(it.path) is None]
    if missing:
        for it in missing:
            if robustness_jobs.of(it) is None:
                robustness_jobs.start(it)
        st.fragment(_measuring, run_every=TICK)(missing)
        return
    before, after = robustness.load(run.path), robustness.load(new.path)
    if before is not None and after is not None:
        st.markdown(_difference(before, after))


def _measuring(missing: list[Run]) -> None:
    jobs = [robustness_jobs.of(it) for it in missing]
    failed = next((job for job in jobs if job is not None and job.error), None)
    if failed is not None:
        st.error(sentence(failed.error))
        return
    if all(job is None or job.ended for job in jobs):
        st.rerun()
    shares = [job.share for job in jobs if job is not None]
    st.progress(sum(shares) / max(1, len(shares)), "Measuring the accuracy on changed images")


def _difference(before: robustness.Robustness, after: robustness.Robustness) -> str:
    """What augmentation has changed, at the strengths where the difference is largest."""
    lines = []
    for change in ("shift", "rotate"):
        (strengths, old), (_, new) = before.curve(change), after.curve(change)
        at = int(np.argmax(np.abs(new - old)))
        unit = "pixels" if change == "shift" else "degrees"
        lines.append(
            f"- {'Shifted' if change == 'shift' else 'Rotated'} by {strengths[at]:g} {unit}: {share(old[at])} without, "
            f"**{share(new[at])}** with augmentation."
        )
    clean = f"- Unchanged images: {share(before.clean)} without, **{share(after.clean)}** with augmentation."
    return "\n".join([*lines, clean, "", "Its curve is in the charts above."])
