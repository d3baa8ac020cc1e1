"""A whole network at once, alive: what is drawn passes every layer in the browser; each map opens into its arithmetic,
training can be scrubbed, and one step of it can be watched."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field as dataclass_field
from math import prod

import numpy as np
import streamlit as st
from pydantic import Field, field_validator

from core.arrays import Array
from core.data.new_image import INK_BOXES
from core.network.columns import Group, groups
from core.network.costs import costs, parameters
from core.network.description import described
from core.network.shapes import Shape
from core.runs.folder import Run, RunError
from core.spec import Spec
from pages.recorded import shipped
from pages.ui.component import component
from pages.ui.translations import words
from pages.ui.weights import packed_weights


MOST_PARAMETERS = 2_000_000
"""Of a network that the browser computes; larger ones would take too long to get there."""
MOST_MULTIPLY_ADDS = 60_000_000
"""For one image: about a third of a second."""
MOST_HISTORY_BYTES = 6_000_000
FUNCTIONS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "maxout": "maxout",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
}


Ask = Callable[[Array, tuple[str, ...]], dict[str, Array]]
"""An image (C, H, W) uint8 and the names of layers -> the output of each of these layers."""


class Options(Spec):
    """`network`: the name of a shipped network; `digit` is shown first."""

    network: str = "mnist-cnn"
    digit: int = Field(default=7, ge=0, le=9)

    @field_validator("network")
    @classmethod
    def _there_is_one(cls, name: str) -> str:
        if name not in (names := shipped.shipped()):
            raise ValueError(f"there is no shipped network {name!r}; there are {', '.join(names)}")
        return name


def show(options: Options, key: str) -> None:
    """A shipped network, with the others for the same images to compare it with."""
    networks = shipped.shipped()
    first = networks[options.network]
    others = [run for run in networks.values() if run.path != first.path and same_images(run, first)]
    known = shipped.examples(first)
    assert known is not None
    examples = Examples(*known)
    start = next((k for k, label in enumerate(examples.labels) if label == options.digit), 0)
    living_network(key, [of_shipped(run) for run in (first, *others)], examples, start)


@dataclass(frozen=True)
class Living:
    """A network to show: a run, in the state of one of its remembered steps (None: the newest)."""

    run: Run
    label: str
    step: int | None = None
    about: dict[str, str] = dataclass_field(default_factory=dict)
    """Where it comes from, as lines of a table."""


@dataclass(frozen=True)
class Examples:
    """Images (N, C, H, W) uint8 of the networks' shape, and their labels (N,)."""

    images: Array
    labels: Array

    def after(self, image: Array) -> "Examples":
        """With another image (C, H, W) before them, whose label is not known and is taken to be the first class."""
        return Examples(np.concatenate([image[None], self.images]), np.concatenate([[0], self.labels]))


def living_network(
    key: str, networks: Sequence[Living], examples: Examples | None = None, start: int = 0, ask: Ask | None = None
) -> None:
    """Shows the first network; the others can be compared with it. `start`: the example that is shown first.

    `ask` answers for a network that is too large for the browser, whenever an image is complete: see `Ask`. Raises
    RunError if a run has no weights, and whatever `ask` raises.
    """
    shown = examples if examples is not None and len(examples.images) else None
    data = {
        "networks": [sent(network) for network in networks if fits(network.run) or network is networks[0]],
        "examples": [] if shown is None else [coded(image) for image in shown.images],
        "labels": [] if shown is None else shown.labels.tolist(),
        "start": start,
        "answer": None,
        "words": words(__file__),
    }
    if ask is not None and not fits(networks[0].run):
        first = None if shown is None else shown.images[start]
        data["answer"] = answered(ask, networks[0].run, st.session_state.get(f"{key}-image", ""), first)
    component(__file__)(key=key, data=data, default={"image": ""}, on_image_change=lambda: keep(key))


def keep(key: str) -> None:
    """Stores the image that the browser asks about."""
    st.session_state[f"{key}-image"] = st.session_state[key].image or ""


def answered(ask: Ask, run: Run, asked: str, first: Array | None) -> dict:
    """The outputs of the shown layers for the image that the browser sent, or else for the first example."""
    shape = run.experiment.network.input_shape
    image = decoded(asked, shape)
    if image is None:
        image = np.zeros(shape, np.uint8) if first is None else first
    layers = tuple(group.shown for group in groups(run.experiment.network))
    return {"of": coded(image), "outputs": packed_weights(ask(image, layers), {}, "float16")}


def decoded(text: str, shape: Shape) -> Array | None:
    """(C, H, W) uint8 from base64; None if it is not such an image."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None
    return np.frombuffer(content, np.uint8).reshape(shape) if len(content) == prod(shape) else None


def of_shipped(run: Run) -> Living:
    """With its card: data, backend, date, accuracy and the command that made it."""
    card, texts = shipped.card(run), words(__file__)
    about = {
        texts["about_data"]: texts["images"].format(data=card.data, images=f"{card.training_images:,}"),
        texts["about_backend"]: f"{card.backend} {card.version}, {card.device}, {card.date[:10]}",
        texts["about_accuracy"]: f"{card.test_accuracy:.2%} ({card.test_images:,})",
        texts["about_command"]: card.command,
    }
    return Living(run, card.title, about=about)


def same_images(run: Run, other: Run) -> bool:
    """Whether both networks take the same images and know the same classes."""
    shapes = {one.experiment.network.input_shape for one in (run, other)}
    return len(shapes) == 1 and run.class_names() == other.class_names()


def fits(run: Run) -> bool:
    """Whether the browser can compute it."""
    layers = costs(run.experiment.network)
    work = sum(layer.multiply_adds for layer in layers)
    return parameters(run.experiment.network) <= MOST_PARAMETERS and work <= MOST_MULTIPLY_ADDS


def sent(living: Living) -> dict:
    """A network as the browser gets it: its description, its groups, its weights now and at the remembered steps."""
    run, experiment = living.run, living.run.experiment
    state, scaling, recipe = run.state_at(living.step), run.scaling(), experiment.training
    side = experiment.network.input_shape[1]
    box = INK_BOXES.get(experiment.data.name)
    return {
        "id": f"{run.id}@{state.step}",
        "label": living.label,
        "network": described(experiment.network),
        "groups": [_group(group) for group in groups(experiment.network)],
        "weights": packed_weights(state.weights, state.statistics) if fits(run) else None,
        "step": state.step,
        "history": history(run, state.step) if fits(run) else [],
        "loss": recipe.loss.model_dump(mode="json"),
        "optimizer": recipe.optimizer.model_dump(mode="json"),
        "optimizer_name": type(recipe.optimizer).__name__,
        "rate": recipe.optimizer.learning_rate,
        "classes": list(run.class_names()),
        "scaling": {"shift": numbers(scaling.shift), "divisor": numbers(scaling.divisor)},
        "drawn": None if box is None else {"side": side, "box": box},
        "about": living.about,
    }


def history(run: Run, newest: int) -> list[dict]:
    """The remembered states before `newest` in float16, thinned evenly if they are too many bytes."""
    steps = [step for step in run.remembered() if step < newest]
    size = 2 * parameters(run.experiment.network)
    most = MOST_HISTORY_BYTES // max(size, 1)
    if len(steps) > most:
        steps = [steps[k] for k in np.linspace(0, len(steps) - 1, most).round().astype(int)] if most else []
    result = []
    for step in steps:
        try:
            state = run.state_at(step)
        except RunError:  # its file is damaged: the others are still worth scrubbing through
            continue
        result.append({"step": step, "weights": packed_weights(state.weights, state.statistics, "float16")})
    return result


def title(group: Group) -> str:
    """conv1 + ReLU"""
    follows = [FUNCTIONS[group.about["function"]]] if group.about.get("function") in FUNCTIONS else []
    norm = ["norm"] if group.kind != "batch_norm" and any(name.startswith("norm") for name in group.layers) else []
    return " + ".join([group.main, *norm, *(follows if group.kind != "activation" else [])])


def numbers(values: Array) -> list[float]:
    return np.asarray(values, float).ravel().tolist()


def coded(image: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(image).tobytes()).decode()


def _group(group: Group) -> dict:
    return {
        "layers": group.layers,
        "shown": group.shown,
        "main": group.main,
        "kind": group.kind,
        "shape": list(group.shape),
        "sources": list(group.sources),
        "column": group.column,
        "lane": group.lane,
        "about": group.about,
        "title": title(group),
    }
