"""One changed digit and the answers of three recorded networks; you choose change, amount and digit."""

import base64

import numpy as np
import streamlit as st
from pydantic import Field

from core.data.preparation.corruptions import distorted, pushed
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.provenance import origin
from pages.ui.translations import words


CONTROLS = ("kind",)
RECORDING = "broken-digits"
SIDE = 28
SETS = {"digits": slice(0, 10), "mistakes": slice(10, None)}
UNITS = {
    "shift": "{} px",
    "rotate": "{}°",
    "size": "× {}",
    "ink": "× {}",
    "noise": "{}",
    "salt": "{}",
    "negative": "{}",
    "frame": "{}",
    "attack": "{}",
}
NETWORKS = ("dense", "conv", "relu")


class Options(Spec):
    """`images` are "digits" (ten that all networks read correctly) or "mistakes" (clean ones that the deepest network
    gets wrong with confidence). `kind` is the first change, `kinds` those to choose from, `network` the one whose
    outputs are shown first."""

    images: str = Field(default="digits", pattern="^(digits|mistakes)$")
    kind: str = Field(default="shift", pattern=f"^({'|'.join(UNITS)})$")
    kinds: tuple[str, ...] = ()
    network: str = Field(default="conv", pattern=f"^({'|'.join(NETWORKS)})$")
    digit: int = Field(default=0, ge=0, le=9)
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts, result = words(__file__), load(RECORDING)
    kind = choose(options, key, texts)
    amounts = result.numbers[f"{kind}: amounts"]
    chosen = SETS[options.images]
    data = {
        "images": drawn(kind, amounts, chosen),
        "outputs": result.array(f"said: {kind}")[:, chosen].round(3).tolist(),
        "truth": result.numbers["truth"][chosen],
        "amounts": [UNITS[kind].format(f"{amount:g}") for amount in amounts],
        "start": fooled(options, result) if kind == "attack" else start(amounts, kind),
        "networks": [texts[name] for name in NETWORKS],
        "network": NETWORKS.index(options.network),
        "digit": options.digit,
        "kind": texts[kind],
        "words": texts,
    }
    component(__file__)(key=f"{key}-{kind}", data=data)
    origin(result, texts["relu"])


def choose(options: Options, key: str, texts: dict[str, str]) -> str:
    if len(options.kinds) < 2 or "kind" not in options.controls or hidden("kind"):
        return options.kind
    kinds = tuple(dict.fromkeys((options.kind, *options.kinds)))
    return st.selectbox(
        texts["kind"], kinds, format_func=lambda name: texts[name], key=f"{key}-kind", bind="query-params"
    )


def start(amounts: list[float], kind: str) -> int:
    """The index of the amount that changes nothing."""
    return amounts.index(1 if kind in ("size", "ink") else 0)


def fooled(options: Options, result) -> int:
    """The index of the smallest attack that makes the network misread the digit; of the largest if none does."""
    said = result.array("said: attack")[options.digit, :, NETWORKS.index(options.network)].argmax(axis=-1)
    wrong = said != result.numbers["truth"][options.digit]
    return int(np.argmax(wrong)) if wrong.any() else len(wrong) - 1


def drawn(kind: str, amounts: list[float], chosen: slice) -> list[list[list[str]]]:
    """Grey levels in base64, by version, amount and digit; only the attack has one version per network."""
    if kind != "attack":
        return [[coded(distorted(_clean(), kind, amount)[chosen]) for amount in amounts]]
    signs = [load(RECORDING).array(f"signs: {index}")[:, None].round() for index in range(len(NETWORKS))]
    return [[coded(pushed(_clean()[:10], one, amount)) for amount in amounts] for one in signs]


def coded(images: np.ndarray) -> list[str]:
    return [base64.b64encode(image.tobytes()).decode() for image in images[:, 0].round().astype(np.uint8)]


def _clean() -> np.ndarray:
    codes = load(RECORDING).numbers["images"]
    return np.stack([np.frombuffer(base64.b64decode(code), np.uint8).reshape(1, SIDE, SIDE) for code in codes])
