"""A pad to draw an image of a network's shape, grey or in colours; the drawing comes back when the pen is lifted."""

import base64
import binascii

import numpy as np
import streamlit as st

from pages.ui.component import component
from pages.ui.translations import words


COLOURS = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "red": (214, 39, 40),
    "orange": (255, 150, 30),
    "yellow": (250, 220, 40),
    "green": (40, 150, 60),
    "blue": (40, 90, 200),
    "brown": (120, 75, 40),
}


def drawing(key: str, shape: tuple[int, int, int], paper: int = 0) -> np.ndarray | None:
    """What is drawn, (C, H, W) uint8 for such a `shape`, C being 1 or 3; None while nothing is. The empty pad has the
    value `paper` everywhere. It may be called in a fragment, which a stroke then reruns alone."""
    texts = words(__file__)
    kept = f"{key}-kept"

    def keep() -> None:
        st.session_state[kept] = st.session_state[key].ink or ""

    data = {
        "shape": shape,
        "paper": paper,
        "inks": _inks(shape[0], paper, texts),
        "words": texts,
        "drawn": st.session_state.get(kept, ""),
    }
    component(__file__)(key=key, data=data, default={"ink": ""}, on_ink_change=keep)
    return _decoded(st.session_state.get(kept, ""), shape)


def _inks(channels: int, paper: int, texts: dict[str, str]) -> list[dict]:
    """The first one is seen best on the paper; the one in the paper's colour is the eraser."""
    names = ["white", "black"] if paper < 128 else ["black", "white"]
    if channels == 3:
        names += [name for name in COLOURS if name not in names]
    return [{"name": texts[name], "levels": COLOURS[name][:channels]} for name in names]


def _decoded(ink: str, shape: tuple[int, int, int]) -> np.ndarray | None:
    try:
        content = base64.b64decode(ink, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None
    return np.frombuffer(content, np.uint8).reshape(shape) if len(content) == np.prod(shape) else None
