"""One image under sliders: the network's answer while they move, and its probability along the slider moved last."""

import base64
import json
from typing import Any

import numpy as np
import streamlit as st
from pydantic import ValidationError

from core.arrays import Array
from core.data.preparation.breaking import Breakage, broken, noise, sliders
from core.explain.questions import Gradients, Predict
from core.network.costs import costs, parameters
from core.network.description import described
from core.numerics.losses import per_sample_loss
from pages.parts.explore.subject import Subject
from pages.ui.component import component
from pages.ui.weights import packed_weights


MOST_PARAMETERS = 400_000
MOST_MULTIPLY_ADDS = 8_000_000
"""A larger network is asked on this computer's backend, when a slider is released."""
WORDS = {
    "image": "The changed image",
    "answer": "What the network says",
    "curve": "Probability of {class} along this slider",
    "along": "Probability of the class, drawn over the slider {slider}",
    "right": "It says {said}, with {sure}.",
    "wrong": "Broken: it says {said}, with {sure}. {class} is left with {p}.",
    "never": "Along “{slider}” alone, it never changes its mind.",
    "already": "With the other sliders as they are, it is wrong even where “{slider}” changes nothing.",
    "between": "Along “{slider}”, it is right from {low} to {high} without a break.",
    "computing": "Computing the curve …",
    "table": "The curve as a table",
    "p": "probability of {class}",
    "says": "it says",
    "reset": "Undo all changes",
    "tip": "Press on the image to cover a part of it with a grey square.",
}


def breaker(subject: Subject, image: Array, label: int | None, key: str) -> None:
    """`image` (C, H, W) uint8 and its class, if that is known; else the class is what the network says of it. Raises
    BackendError, RunError or DataError."""
    scaled = subject.scaled(image[None])
    answer = subject.ask(Predict(), images=scaled)
    target = int(np.argmax(answer["probabilities"][0])) if label is None else label
    signs = _uphill(subject, scaled, answer["logits"], target)
    controls = sliders(*subject.shape[1:])
    of = f"{_coded(image)[:24]}{hash(image.tobytes())}-{subject.run.id}-{subject.step}"
    small = is_small(subject)
    asked = _read(st.session_state.get(f"{key}-asked", ""), of)
    data = {
        "of": of,
        "image": _coded(image),
        "shape": subject.shape,
        "signs": _coded(signs),
        "noise": _coded(noise(image.shape).astype(np.float32)),
        "target": target,
        "class_names": subject.class_names,
        "sliders": [{**vars(slider), "values": slider.values().tolist()} for slider in controls],
        "weights_of": f"{subject.run.id}-{subject.step}",
        "net": _network(subject) if small else None,
        "answer": None if small or asked is None else _answer(subject, image, signs, of, *asked),
        "words": WORDS,
    }

    def keep() -> None:
        st.session_state[f"{key}-asked"] = st.session_state[key].asked or ""

    component(__file__)(key=key, data=data, default={"asked": ""}, on_asked_change=keep)


def is_small(subject: Subject) -> bool:
    """Whether the browser computes the answers."""
    adds = sum(cost.multiply_adds for cost in costs(subject.network))
    return parameters(subject.network) <= MOST_PARAMETERS and adds <= MOST_MULTIPLY_ADDS


def _uphill(subject: Subject, scaled: Array, logits: Array, target: int) -> Array:
    """(C, H, W) int8: the direction in which each value makes the loss of the class grow."""
    loss = subject.run.experiment.training.loss
    slopes = per_sample_loss(loss, logits.astype(np.float64), np.array([target]))[1]
    slopes = slopes / max(np.abs(slopes).max(), 1e-300)  # only signs matter; tiny slopes would vanish in float32
    signs: Array = np.sign(subject.ask(Gradients(), images=scaled, seed=slopes.astype(scaled.dtype))["input"][0])
    return signs.astype(np.int8)


def _network(subject: Subject) -> dict[str, Any]:
    """The network, its weights, and how grey levels become its inputs, for the browser."""
    state, scaling = subject.run.state_at(subject.step), subject.run.scaling()
    return {
        "network": described(subject.network),
        "weights": packed_weights(state.weights, state.statistics),
        "loss": subject.run.experiment.training.loss.model_dump(mode="json"),
        "shift": _coded(np.broadcast_to(scaling.shift, subject.shape).astype(np.float32)),
        "divisor": _coded(np.broadcast_to(scaling.divisor, subject.shape).astype(np.float32)),
    }


def _read(text: str, of: str) -> tuple[Breakage, str] | None:
    """The sliders' values and the name of the one moved last, as the browser sent them for this image."""
    try:
        asked = json.loads(text)
        return (Breakage(**asked["values"]), str(asked["moved"])) if asked["of"] == of else None
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


def _answer(
    subject: Subject, image: Array, signs: Array, of: str, breakage: Breakage, moved: str
) -> dict[str, Any] | None:
    """The probabilities at the sliders' values, and along the one moved last."""
    slider = next((one for one in sliders(*subject.shape[1:]) if one.name == moved), None)
    if slider is None:
        return None
    along = [breakage, *(breakage.model_copy(update={moved: float(value)}) for value in slider.values())]
    images = np.stack([broken(image, one, signs) for one in along])
    probabilities = subject.ask(Predict(), images=subject.scaled(images))["probabilities"].astype(float)
    return {
        "of": of,
        "values": breakage.model_dump(),
        "moved": moved,
        "at": slider.values().tolist(),
        "probabilities": probabilities[0].tolist(),
        "line": probabilities[1:].tolist(),
    }


def _coded(values: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
