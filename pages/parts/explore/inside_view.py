"""Look inside: what the filters of a layer are, what they answer, and what they respond to, over the training."""

import itertools
from dataclasses import replace

import streamlit as st

from core.backend import BackendError
from core.data.dataset import DataError
from core.explain.agreement import agreement
from core.explain.questions import Activations
from core.network.layers import Activation, Conv2D, Dropout, Flatten, LocallyConnected
from core.network.network import Network
from core.network.shapes import outline, shape_text
from core.runs.folder import Run, RunError, all_runs
from pages.parts.explore.image_strip import image_strip
from pages.parts.explore.inside_stage import inside_stage
from pages.parts.explore.layer_over_time import MOST_UNITS, Side, chosen_steps, over_time, step_of_layer
from pages.parts.explore.subject import Samples, Subject
from pages.parts.runs.runs_picker import run_labels
from pages.recorded import shipped
from pages.ui import backend_labels
from pages.ui.formatting import sentence


IMAGES = 96
"""How many images the patches, histograms and dead units are taken from."""
NOTHING, START = "nothing", "start"


def show(subject: Subject) -> None:
    """Says in one sentence what cannot be shown."""
    try:
        samples = subject.samples(IMAGES)
        layers = shown_layers(subject.network)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            layer = st.selectbox(
                "Layer", list(layers), key=f"inside-layer-{subject.run.id}", format_func=layers.__getitem__, width=300
            )
            other = compared_with(subject, layer)
            first = first_unit(subject, layer)
        names = [f"{subject.class_names[label]}, image {n}" for n, label in enumerate(samples.labels, start=1)]
        image = image_strip("Image", samples.images, names, 0, f"inside-image-{subject.run.id}")
        stage(subject, other, layer, samples, image, first)
    except (BackendError, RunError, DataError) as error:
        st.error(sentence(str(error)))


def stage(subject: Subject, other: Side | None, layer: str, samples: Samples, image: int, first: int) -> None:
    sides = [Side("This network", subject, layer, chosen_steps(subject, layer)), *([other] if other else [])]
    with st.spinner("Asking the network at every step that it remembers …", show_time=True):
        answers = [over_time(side, samples, image, first) for side in sides]
    inside_stage(f"inside-{subject.run.id}-{layer}", noun(subject, layer), first, samples.images, answers, subject.step)
    if other:
        st.markdown(difference(sides, samples, image))
    st.markdown(
        f":small[Patches, histograms and shares are over {len(samples.images)} {samples.origin}. "
        f"{layer}: {step_of_layer(subject, layer).arithmetic}.{_before_activation(subject.network, layer)}]"
    )


def _before_activation(network: Network, layer: str) -> str:
    """A sentence if the layer's outputs go through an activation next, which the view Network shows merged with it."""
    after = next((second for first, second in itertools.pairwise(network.layers) if first.name == layer), None)
    if not isinstance(after, Activation):
        return ""
    return f" Maps are shown before {after.name} ({after.function}); the view Network shows them after it."


def shown_layers(network: Network) -> dict[str, str]:
    """{name: label} of the outermost layers that change numbers."""
    return {
        step.layer.name: f"{step.layer.name} · {shape_text(step.output)}"
        for step in outline(network)
        if not isinstance(step.layer, Flatten | Dropout)
    }


def noun(subject: Subject, layer: str) -> str:
    step = step_of_layer(subject, layer)
    if isinstance(step.layer, Conv2D | LocallyConnected):
        return "filter"
    return "feature map" if len(step.output) == 3 else "unit"


def first_unit(subject: Subject, layer: str) -> int:
    count, name = step_of_layer(subject, layer).output[0], noun(subject, layer).capitalize()
    if count <= MOST_UNITS:
        return 0
    starts = list(range(0, count, MOST_UNITS))
    return st.selectbox(
        f"{name}s",
        starts,
        key=f"inside-first-{subject.run.id}-{layer}",
        format_func=lambda start: f"{start + 1} to {min(start + MOST_UNITS, count)} of {count}",
        width=180,
    )


def compared_with(subject: Subject, layer: str) -> Side | None:
    """Its own start, the same network in another backend, or another run with a layer of the same shape."""
    steps = subject.run.remembered()
    options: dict[str, tuple[str, Subject | None]] = {NOTHING: ("Nothing", None)}
    if len(steps) > 1:
        options[START] = ("Its start, before training", subject)
    for name in backend_labels.installed():
        if name != subject.backend:
            options[name] = (f"The same network in {backend_labels.label(name)}", replace(subject, backend=name))
    runs = others(subject)
    labels = run_labels({name: run for name, run in runs.items() if name not in shipped.shipped()})
    for name, run in runs.items():
        options[name] = (labels.get(name, name), Subject(run, None, subject.backend))
    chosen = st.selectbox(
        "Compare with",
        list(options),
        key=f"inside-other-{subject.run.id}",
        format_func=lambda name: options[name][0],
        width=340,
    )
    label, other = options[chosen]
    if other is None:
        return None
    counterpart = same_layer(subject.network, layer, other.network)
    if counterpart is None:
        st.info(f"{label} has no layer like {layer}, so it is not shown.")
        return None
    return Side(label, other, counterpart, steps[:1] if chosen == START else chosen_steps(other, counterpart))


def others(subject: Subject) -> dict[str, Run]:
    """Other networks for images of the same shape and the same number of classes."""
    everything = {run.id: run for run in all_runs()} | shipped.shipped()
    return {
        name: run
        for name, run in everything.items()
        if run.path != subject.run.path
        and run.experiment.network.input_shape == subject.shape
        and outline(run.experiment.network)[-1].output == outline(subject.network)[-1].output
        and run.remembered()
    }


def same_layer(network: Network, layer: str, other: Network) -> str | None:
    """The layer of that name in the other network, or the one of the same kind and number: the second convolution."""
    names = [step.layer.name for step in outline(other)]
    if layer in names:
        return layer
    kind = next(step.layer.kind for step in outline(network) if step.layer.name == layer)
    mine = [step.layer.name for step in outline(network) if step.layer.kind == kind]
    theirs = [step.layer.name for step in outline(other) if step.layer.kind == kind]
    return theirs[mine.index(layer)] if mine.index(layer) < len(theirs) else None


def difference(sides: list[Side], samples: Samples, image: int) -> str:
    """How far apart the feature maps of both networks are at the end."""
    maps = [
        replace(side.subject, step=side.steps[-1]).ask(
            Activations(layers=(side.layer,)), images=side.subject.scaled(samples.images[image : image + 1])
        )[side.layer]
        for side in sides
    ]
    if maps[0].shape != maps[1].shape:
        shapes = [shape_text(one.shape[1:]) for one in maps]
        return f"The layers have different shapes, {shapes[0]} and {shapes[1]}, so their numbers cannot be compared."
    alike = agreement(*maps)
    return (
        f"At the last step, the outputs of {sides[0].layer} for this image differ by at most **{alike.largest:.2g}** "
        f"of the largest one; their correlation is **{alike.correlation:.4g}**."
    )
