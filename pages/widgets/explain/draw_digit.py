"""A pad to draw a digit with mouse, finger or keyboard; a recorded network answers when the pen is lifted."""

import base64
import binascii

import numpy as np
import streamlit as st

from core.data.preparation.ink_centering import BOX, SIDE, centred
from core.spec import Spec
from pages.recorded.arrays import load
from pages.recorded.network import judged, recorded
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.provenance import origin
from pages.ui.translations import words


CONTROLS = ("centre",)


class Options(Spec):
    """`centre` says whether the drawing is centred at first."""

    centre: bool = True
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    """Runs as a fragment: a stroke reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(__file__)
    centre = chosen(options, key, texts)
    ink = st.session_state.get(f"{key}-drawn", "")
    data = {"ink": ink, "examples": examples(), "verdict": judge(ink, centre), "words": texts}
    component(__file__)(key=f"{key}-pad", data=data, default={"ink": ""}, on_ink_change=lambda: keep(key))
    origin(recorded())


def chosen(options: Options, key: str, texts: dict[str, str]) -> bool:
    if "centre" not in options.controls or hidden("centre"):
        return options.centre
    help_text = texts["centre_help"].format(box=BOX, side=SIDE)
    return st.toggle(texts["centre"], options.centre, key=f"{key}-centre", help=help_text, bind="query-params")


def keep(key: str) -> None:
    """Stores the drawing that the browser sends when the pen is lifted."""
    st.session_state[f"{key}-drawn"] = st.session_state[f"{key}-pad"].ink or ""


def judge(ink: str, centre: bool) -> dict | None:
    """What the network sees and answers; None if nothing is drawn."""
    image = decoded(ink)
    if image is None or not image.any():
        return None
    seen = centred(image) if centre else image
    result = judged(seen)
    maps = {"levels": result.maps.levels, "step": result.maps.step, "shape": result.maps.shape}
    return {"of": ink, "seen": coded(seen), "probabilities": result.probabilities, "maps": maps}


def decoded(ink: str) -> np.ndarray | None:
    """(28, 28) uint8 from base64; None if it is not such an image."""
    try:
        content = base64.b64decode(ink, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None
    return np.frombuffer(content, np.uint8).reshape(SIDE, SIDE) if len(content) == SIDE * SIDE else None


def coded(image: np.ndarray) -> str:
    return base64.b64encode(image.tobytes()).decode()


def examples() -> list[str]:
    """Ten MNIST test digits, which the recorded network was not trained on."""
    images = load("inside-maps").array("images")[:, 0]
    return [coded((255 * one).round().clip(0, 255).astype(np.uint8)) for one in images]
