"""The backward pass of a convolution: an editable upstream gradient, and the products behind each gradient value."""

from typing import Annotated

import streamlit as st
from pydantic import AfterValidator, Field

from core.demos.images.input_gradients import SizeError, nudged, through_convolution
from core.spec import Spec
from pages.ui.component import among, component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("flip", "stride", "nudge", "edit")
LARGEST = 9
MOST = 1000


class Options(Spec):
    """`image`, `kernel` and `upstream` (default: ones) are rows of numbers. `show` is kernel, input or both."""

    image: list[list[float]] = Field(min_length=1, max_length=LARGEST)
    kernel: list[list[float]] = Field(min_length=1, max_length=LARGEST)
    upstream: list[list[float]] | None = None
    flip: bool = False
    stride: int = Field(default=1, ge=1, le=2)
    show: str = Field(default="both", pattern="^(kernel|input|both)$")
    controls: Annotated[tuple[str, ...], AfterValidator(among(CONTROLS))] = ("edit",)


def show(options: Options, key: str) -> None:
    """Runs as a fragment: editing the upstream gradient reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(__file__)
    offered = {name for name in options.controls if not hidden(name)}
    flip, stride = choose(options, offered, key, texts)
    upstream = st.session_state.get(f"{key}-upstream-{stride}", options.upstream if stride == options.stride else None)
    try:
        gradients = through_convolution(options.image, options.kernel, upstream, stride, flip)
    except SizeError as error:
        st.error(sentence(str(error)))
        return
    data = {
        "image": options.image,
        "kernel": options.kernel,
        "upstream": gradients.upstream.tolist(),
        "kernel_gradient": gradients.kernel_gradient.tolist() if options.show != "input" else None,
        "input_gradient": gradients.input_gradient.tolist() if options.show != "kernel" else None,
        "nudged": None,
        "stride": stride,
        "flip": flip,
        "edit": "edit" in offered,
        "words": texts,
    }
    if "nudge" in offered:
        data["nudged"] = [
            rows.tolist() for rows in nudged(options.image, options.kernel, gradients.upstream, stride, flip)
        ]
    component(__file__)(
        key=f"{key}-map", data=data, default={"upstream": None}, on_upstream_change=lambda: keep(key, stride)
    )


def choose(options: Options, offered: set[str], key: str, texts: dict[str, str]) -> tuple[bool, int]:
    flip, stride = options.flip, options.stride
    if "flip" in offered:
        flip = st.toggle(texts["flip"], flip, key=f"{key}-flip", bind="query-params")
    if "stride" in offered:
        stride = st.selectbox(texts["stride"], [1, 2], stride - 1, key=f"{key}-stride", bind="query-params", width=160)
    return flip, stride


def keep(key: str, stride: int) -> None:
    """Stores what the browser sent: rows of numbers."""
    reported = st.session_state[f"{key}-map"].upstream
    if reported:
        st.session_state[f"{key}-upstream-{stride}"] = [
            [max(-MOST, min(MOST, float(number))) for number in row] for row in reported
        ]
