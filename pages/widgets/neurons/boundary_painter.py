"""Points in the plane, painted by hand, and a small network that learns to separate them as you watch."""

from typing import Any

import streamlit as st
from pydantic import Field

from core.demos.learning.point_clouds import PATTERNS, points
from core.network.initial_weights import initial_weights
from core.network.initializers import GlorotUniform
from core.network.layers import Activation, Dense, Flatten
from core.network.network import Network
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("pattern", "hidden", "units", "activation")
ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")
STARTS = 4
POINTS = 80


class Options(Spec):
    pattern: str = Field(default="clouds", pattern=f"^({'|'.join(PATTERNS)})$")
    hidden: int = Field(default=0, ge=0, le=3)
    units: int = Field(default=4, ge=1, le=8)
    activation: str = Field(default="tanh", pattern=f"^({'|'.join(ACTIVATIONS)})$")
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = choose(options, key, texts)
    where, labels = points(chosen["pattern"], POINTS)
    data = {
        "points": where.round(3).tolist(),
        "labels": labels.tolist(),
        "starts": [
            start(chosen["hidden"], chosen["units"], chosen["activation"], seed) for seed in range(1, STARTS + 1)
        ],
        "activation": chosen["activation"],
        "pattern": chosen["pattern"],
        "words": texts,
    }
    component(__file__)(key=f"{key}-painter", data=data)


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    choices: dict[str, list[Any]] = {
        "pattern": list(PATTERNS),
        "hidden": [0, 1, 2, 3],
        "units": [1, 2, 3, 4, 6, 8],
        "activation": list(ACTIVATIONS),
    }
    offered = [name for name in CONTROLS if name in options.controls and not hidden(name)]
    result = {name: getattr(options, name) for name in CONTROLS}
    for name, column in zip(
        offered, st.columns(len(offered), vertical_alignment="bottom") if offered else (), strict=True
    ):
        result[name] = column.selectbox(
            texts[name],
            choices[name],
            choices[name].index(result[name]),
            format_func=lambda choice: str(texts.get(choice, choice)),
            key=f"{key}-{name}",
            bind="query-params",
        )
    return result


def network(hidden_layers: int, units: int, activation: str) -> Network:
    """Two inputs, `hidden_layers` layers with an activation, two logits."""
    layers: list = [Flatten(name="flat")]
    for k in range(1, hidden_layers + 1):
        layers.append(Dense(name=f"hidden{k}", units=units, weights=GlorotUniform()))
        layers.append(Activation(name=f"activation{k}", function=activation))
    return Network(input_shape=(2, 1, 1), layers=[*layers, Dense(name="logits", units=2, weights=GlorotUniform())])


def start(hidden_layers: int, units: int, activation: str, seed: int) -> list[dict]:
    """Core's initial weights, layer by layer: {"w": one row per unit, "b": biases}."""
    drawn = initial_weights(network(hidden_layers, units, activation), seed, "float64")
    names = [*(f"hidden{k}" for k in range(1, hidden_layers + 1)), "logits"]
    return [{"w": drawn[f"{name}.weights"].tolist(), "b": drawn[f"{name}.biases"].tolist()} for name in names]
