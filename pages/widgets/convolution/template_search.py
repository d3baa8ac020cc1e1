"""A template at every position of an image: raw, normalised or zero-mean scores, and the best matches."""

import base64
from typing import Literal

import numpy as np
import streamlit as st
from pydantic import Field

from core.demos.images.search_scenes import SCENES, Scene, scene, without_colour
from core.demos.images.template_matching import best_in_tiles, peaks, scores
from core.figures.montage import montage
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("score", "colour")
Score = Literal["raw", "normalised", "zero-mean"]
SCORES: tuple[Score, ...] = ("raw", "normalised", "zero-mean")


class Options(Spec):
    """`scene` is one of core.demos.images.search_scenes: "fours", "colours" or "curves"."""

    scene: str = Field(default="fours", pattern=f"^({'|'.join(SCENES)})$")
    score: Score = "raw"
    colour: bool = True
    controls: tuple[str, ...] = ("score",)


def show(options: Options, key: str) -> None:
    texts, result = words(__file__), scene(options.scene)
    score, colour = choose(options, key, texts)
    seen = result if colour else without_colour(result)
    table = scores(seen.image, seen.template, score)
    component("response_map")(key=f"{key}-map", data=drawn(seen, table, texts))
    rows = sorted(best_in_tiles(table, seen.tiles, seen.template.shape[1]), key=lambda row: -row[1])
    digits = ".3f" if score == "normalised" else ",.0f"
    st.table(
        {texts["there"]: [texts[name] for name, _ in rows], texts["best"]: [format(best, digits) for _, best in rows]}
    )


def choose(options: Options, key: str, texts: dict[str, str]) -> tuple[Score, bool]:
    score, colour = options.score, options.colour
    if "score" in options.controls and not hidden("score"):
        score = st.selectbox(
            texts["score"],
            SCORES,
            SCORES.index(score),
            format_func=lambda one: texts[one],
            key=f"{key}-score",
            bind="query-params",
        )
    if "colour" in options.controls and not hidden("colour"):
        colour = st.toggle(texts["colour"], colour, key=f"{key}-colour", bind="query-params")
    return score, colour


def drawn(result: Scene, table: np.ndarray, texts: dict[str, str]) -> dict:
    height, width = result.template.shape[1:]
    return {
        "image": png(brighter(result.image, result.image.max())),
        "size": list(result.image.shape[1:]),
        "kernel": png(brighter(result.template, result.image.max())),
        "patch": [height, width],
        "pads": [0, 0],
        "map": significant(table),
        "low": lowest(table),
        "peaks": peaks(np.abs(table), 12, height // 2),
        "words": texts,
    }


def lowest(table: np.ndarray) -> float:
    """The value drawn palest: zero, or the lowest score if all are far above zero (cosines of bright images)."""
    return float(table.min()) if table.min() > table.max() / 2 else 0.0


def brighter(image: np.ndarray, white: int) -> np.ndarray:
    """For display only: values of `white` and above become white."""
    return np.minimum(image * (255 / white), 255)


def png(image: np.ndarray) -> str:
    """(C, H, W), values 0 to 255, as a data URL for an img element."""
    return "data:image/png;base64," + base64.b64encode(montage(image[None].astype(np.uint8), 1, 1)).decode()


def significant(table: np.ndarray) -> list:
    """Rounds to five digits: enough to read, a fifth of the bytes."""
    return [[float(f"{value:.5g}") for value in row] for row in table.tolist()]
