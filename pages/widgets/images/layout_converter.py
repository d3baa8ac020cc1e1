"""One tensor in two orders of its axes: where each number is in both memories."""

import streamlit as st
from pydantic import model_validator

from core.demos.images.memory_layouts import FILTERS, IMAGES, ORDERS, cell_indices, convert
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("old", "new")
MOST = 72


class Options(Spec):
    """`shape` in the order `old`; both orders for images ("NCHW", "NHWC", "MATLAB") or both for filters ("PyTorch",
    "TensorFlow")."""

    shape: tuple[int, int, int, int] = (1, 3, 2, 2)
    old: str = "NCHW"
    new: str = "NHWC"
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _valid(self):
        if self.old not in ORDERS or self.new not in ORDERS or (self.old in IMAGES) != (self.new in IMAGES):
            raise ValueError(f"orders must be two of {', '.join(IMAGES)}, or two of {', '.join(FILTERS)}")
        size = self.shape[0] * self.shape[1] * self.shape[2] * self.shape[3]
        if min(self.shape) < 1 or size > MOST:
            raise ValueError(f"at most {MOST} numbers fit here, and every axis has at least 1")
        return self


def show(options: Options, key: str) -> None:
    texts, orders = words(__file__), tuple(IMAGES if options.old in IMAGES else FILTERS)
    chosen = []
    for name, column in zip(CONTROLS, st.columns(2), strict=True):
        with column:
            chosen.append(pick(name, options, orders, key, texts))
    old, new = chosen
    shape = convert(options.old, old, options.shape).shape
    result = convert(old, new, shape)
    titles = [
        texts["memory"].format(name=texts[name], shape=size) for name, size in ((old, shape), (new, result.shape))
    ]
    st.code(f"{result.line}    # {shape} -> {result.shape}", language="python")
    component(__file__)(
        key=f"{key}-memories",
        data={
            "old": result.old.tolist(),
            "new": result.new.tolist(),
            "x": cell_indices(old, shape),
            "y": cell_indices(new, result.shape),
            "channel": ORDERS[old].axes.index("C" if old in IMAGES else "I"),
            "titles": titles,
            "words": texts,
        },
    )


def pick(name: str, options: Options, orders: tuple[str, ...], key: str, texts: dict[str, str]) -> str:
    start = getattr(options, name)
    if name not in options.controls or hidden(name):
        return start
    return st.selectbox(
        texts[name],
        orders,
        orders.index(start),
        format_func=lambda one: texts[one],
        key=f"{key}-{name}",
        bind="query-params",
    )
