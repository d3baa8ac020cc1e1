"""The shape of a batch after every layer; layers can be moved, removed and added."""

from typing import Any

import streamlit as st
from pydantic import Field, TypeAdapter, field_validator

from core.network.blocks import Layer
from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.partial_shapes import track
from core.spec import Spec
from pages.ui.arithmetic import arithmetic_in_words
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("batch", "input", "add")
BATCHES = (1, 15, 32, 128)
INPUTS = ((3, 32, 32), (1, 28, 28), (3, 28, 28), (1, 48, 48))
MORE: dict[str, Layer] = {
    "6 filters, 5 × 5": Conv2D(filters=6, kernel_size=5),
    "10 filters, 5 × 5, same": Conv2D(filters=10, kernel_size=5, padding="same"),
    "32 filters, 3 × 3": Conv2D(filters=32, kernel_size=3),
    "8 filters, 3 × 3, stride 2": Conv2D(filters=8, kernel_size=3, stride=2),
    "pool 2 × 2": Pool(window=2),
    "flatten": Flatten(),
    "dense 100": Dense(units=100),
    "dense 10": Dense(units=10),
}
LONGEST = 12
_LAYERS: TypeAdapter = TypeAdapter(tuple[Layer, ...])


class Options(Spec):
    """`layers` as an experiment writes them: { kind = "conv2d", filters = 6, kernel_size = 5 }, ..."""

    batch: int = 15
    input: tuple[int, int, int] = (3, 32, 32)
    layers: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=LONGEST)
    controls: tuple[str, ...] = CONTROLS

    @field_validator("layers")
    @classmethod
    def _are_layers(cls, layers):
        _LAYERS.validate_python(layers)
        return layers

    @field_validator("batch")
    @classmethod
    def _is_offered(cls, batch):
        if batch not in BATCHES:
            raise ValueError(f"batch must be one of {', '.join(map(str, BATCHES))}")
        return batch


def show(options: Options, key: str) -> None:
    texts, store = words(__file__), f"{key}-layers"
    layers: list[Layer] = st.session_state.setdefault(store, list(_LAYERS.validate_python(options.layers)))
    batch, size = choose(options, layers, key, texts)
    tracked = track(size, layers)
    rows = [
        {
            "name": layer_label(layer, texts),
            "shape": [batch, *tracked.costs[index].step.output] if index < len(tracked.costs) else None,
            "why": describe_layer(tracked, index, texts),
        }
        for index, layer in enumerate(layers)
    ]

    def rearranged() -> None:
        order = st.session_state[f"{key}-list"].order
        st.session_state[store] = list(_LAYERS.validate_python(options.layers))
        if order["positions"] is not None:
            st.session_state[store] = [
                layers[position] for position in order["positions"] if 0 <= position < len(layers)
            ]

    component(__file__)(
        key=f"{key}-list",
        data={
            "rows": [{"name": texts["start"], "shape": [batch, *size], "why": texts["stays"]}, *rows],
            "words": texts,
        },
        default={"order": {"positions": None}},
        on_order_change=rearranged,
    )


def choose(options: Options, layers: list[Layer], key: str, texts: dict[str, str]):
    """Batch size and input shape; a chosen layer is appended."""
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    batch, size = options.batch, options.input
    for name, column in zip(offered, st.columns(len(offered)) if offered else (), strict=True):
        with column:
            if name == "batch":
                batch = st.selectbox(
                    texts[name], BATCHES, BATCHES.index(batch), key=f"{key}-batch", bind="query-params"
                )
            elif name == "input":
                sizes = dict.fromkeys((size, *INPUTS))
                size = st.selectbox(
                    texts[name], sizes, format_func=lambda one: " × ".join(map(str, one)), key=f"{key}-input"
                )
            elif (more := st.selectbox(texts[name], MORE, None, placeholder="…", key=f"{key}-add")) is not None:
                append_button(layers, more, f"{key}-put")
    return batch, size


def append_button(layers: list[Layer], more: str, key: str) -> None:
    if st.button(f"+ {more}", key=key, disabled=len(layers) >= LONGEST):
        layers.append(MORE[more])


def layer_label(layer: Layer, texts: dict[str, str]) -> str:
    match layer:
        case Conv2D(filters=filters, kernel_size=kernel, stride=stride, padding=padding):
            return texts["conv2d"].format(
                filters=filters,
                size=" × ".join(map(str, kernel)),
                padding=texts["same"] if padding == "same" else "",
                stride=texts["stride"].format(stride=stride[0]) if stride != (1, 1) else "",
            )
        case Pool(window=window):
            return texts["pool"].format(size=" × ".join(map(str, window)))
        case Dense(units=units):
            return texts["dense"].format(units=units)
    return texts.get(layer.kind, layer.kind)


def describe_layer(result, index: int, texts: dict[str, str]) -> str:
    if index >= len(result.costs):
        return result.problem if index == len(result.costs) else "–"
    cost = result.costs[index]
    count = texts["parameters"].format(n=f"{cost.parameters:,}")
    sizes = arithmetic_in_words(cost.step.arithmetic)
    return f"{sizes}; {cost.parameter_text} → {count}" if cost.parameters else sizes
