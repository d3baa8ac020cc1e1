"""A digit drawn by hand, by finger or by keyboard, and what a recorded network makes of it; asked when the pen is lifted."""

import base64
import binascii

import numpy as np
import streamlit as st

from core.demos.images.mnist_centering import BOX, SIDE, centred
from core.spec import Spec
from pages.recorded.arrays import load
from pages.recorded.network import judged, recorded
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.provenance import origin
from pages.ui.translations import words


CONTROLS = ("centre",)
WORDS = {
    "en": {
        "centre": "Centre as MNIST does",
        "centre_help": "MNIST's digits were scaled into a box of {box} x {box} pixels, and their centre of mass was put in the "
        "middle of {side} x {side}. Without this the network gets the drawing as it stands.",
        "draw": "Draw a digit",
        "pad": "Drawing pad of 28 by 28 cells: arrow keys move the pen, Enter or Space puts it down and lifts it",
        "clear": "Clear",
        "example": "Take an example",
        "lift": "Lift the pen",
        "lower": "Put the pen down",
        "up": "Pen up",
        "down": "Pen down",
        "spot": "{pen}, row {row}, column {column}.",
        "sees": "What the network sees",
        "bars": "Probability of each digit",
        "maps": "First convolution, after ReLU: 8 maps",
        "map": "map {map}",
        "verdict": "The network says {digit}, {sure} % sure. Next comes {second} with {rest} %.",
        "nothing": "Draw a digit: the network answers when you lift the pen.",
        "tip": "Mouse or finger: press and draw. Keys: arrows move the pen, Enter or Space puts it down and lifts it, Escape lifts it.",
        "table": "Probabilities as a table",
        "digit": "digit",
        "probability": "probability",
        "pictures": "The pictures as tables",
        "which": "Picture",
    },
    "de": {
        "centre": "Zentrieren wie MNIST",
        "centre_help": "Die Ziffern von MNIST wurden in einen Kasten von {box} x {box} Pixeln skaliert, und ihr Schwerpunkt kam in die "
        "Mitte von {side} x {side}. Ohne das bekommt das Netz die Zeichnung, wie sie dasteht.",
        "draw": "Zeichne eine Ziffer",
        "pad": "Zeichenfläche aus 28 mal 28 Zellen: Pfeiltasten bewegen den Stift, Eingabe oder Leertaste setzt ihn auf und hebt ihn ab",
        "clear": "Leeren",
        "example": "Ein Beispiel nehmen",
        "lift": "Stift abheben",
        "lower": "Stift aufsetzen",
        "up": "Stift oben",
        "down": "Stift unten",
        "spot": "{pen}, Zeile {row}, Spalte {column}.",
        "sees": "Was das Netz sieht",
        "bars": "Wahrscheinlichkeit jeder Ziffer",
        "maps": "Erste Faltung, nach ReLU: 8 Karten",
        "map": "Karte {map}",
        "verdict": "Das Netz sagt {digit}, zu {sure} % sicher. Danach kommt {second} mit {rest} %.",
        "nothing": "Zeichne eine Ziffer: Das Netz antwortet, wenn du den Stift abhebst.",
        "tip": "Maus oder Finger: drücken und zeichnen. Tasten: Pfeile bewegen den Stift, Eingabe oder Leertaste setzt ihn auf und hebt ihn ab, Escape hebt ihn ab.",
        "table": "Wahrscheinlichkeiten als Tabelle",
        "digit": "Ziffer",
        "probability": "Wahrscheinlichkeit",
        "pictures": "Die Bilder als Tabellen",
        "which": "Bild",
    },
}


class Options(Spec):
    """`centre`: whether the drawing is centred at first."""

    centre: bool = True
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    """In a fragment of its own: a stroke runs nothing else again."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(WORDS)
    centre = chosen(options, key, texts)
    ink = st.session_state.get(f"{key}-drawn", "")
    data = {"ink": ink, "examples": examples(), "said": said(ink, centre), "words": texts}
    component(__file__)(key=f"{key}-pad", data=data, default={"ink": ""}, on_ink_change=lambda: keep(key))
    origin(recorded())


def chosen(options: Options, key: str, texts: dict[str, str]) -> bool:
    if "centre" not in options.controls or hidden("centre"):
        return options.centre
    told = texts["centre_help"].format(box=BOX, side=SIDE)
    return st.toggle(texts["centre"], options.centre, key=f"{key}-centre", help=told, bind="query-params")


def keep(key: str) -> None:
    """What the browser tells when the pen is lifted."""
    st.session_state[f"{key}-drawn"] = st.session_state[f"{key}-pad"].ink or ""


def said(ink: str, centre: bool) -> dict | None:
    """What the network sees and makes of it; None where nothing is drawn."""
    picture = decoded(ink)
    if picture is None or not picture.any():
        return None
    seen = centred(picture) if centre else picture
    found = judged(seen)
    maps = {"levels": found.maps.levels, "step": found.maps.step, "shape": found.maps.shape}
    return {"of": ink, "seen": coded(seen), "probabilities": found.probabilities, "maps": maps}


def decoded(ink: str) -> np.ndarray | None:
    """(28, 28) uint8 from base64; None for what is no such picture."""
    try:
        content = base64.b64decode(ink, validate=True)
    except (binascii.Error, ValueError, TypeError):
        return None
    return np.frombuffer(content, np.uint8).reshape(SIDE, SIDE) if len(content) == SIDE * SIDE else None


def coded(picture: np.ndarray) -> str:
    return base64.b64encode(picture.tobytes()).decode()


def examples() -> list[str]:
    """Ten test digits of MNIST, that the recorded network never learned from."""
    pictures = load("inside-maps").array("pictures")[:, 0]
    return [coded((255 * one).round().clip(0, 255).astype(np.uint8)) for one in pictures]
