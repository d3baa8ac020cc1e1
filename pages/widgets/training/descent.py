"""Paths of gradient descent on a parabola, a hilly line or a bowl, and with mini-batches."""

from itertools import product

import numpy as np
from pydantic import Field

from core.demos.learning.gradient_descent import (
    HILLY,
    PARABOLA,
    Landscape,
    batch_path,
    bowl,
    descend,
    level_line,
    line_landscape,
    noisy_line,
)
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


SAMPLES, LOOKS = 24, 240
BATCHES = (1, 2, 4, 8, 24)
STEEPNESS = (1, 3, 10)
LEVELS = (0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5, 5.5)


class Options(Spec):
    """`landscape`: parabola, hilly, bowl or batches. `learning_rate` and `step` are where the sliders start."""

    landscape: str = Field(default="parabola", pattern="^(parabola|hilly|bowl|batches)$")
    learning_rate: float = 0.1
    step: int = Field(default=3, ge=0)


def show(options: Options, key: str) -> None:
    made = MAKERS[options.landscape]()
    rates = made["axes"][0]["values"]
    made["axes"][0]["at"] = int(np.abs(np.array(rates) - options.learning_rate).argmin())
    component(__file__)(key=f"{key}-path", data=made | {"step": options.step, "words": words(__file__)})


def parabola() -> dict:
    rates = stepped(0.05, 0.6, 0.05)
    drawn = line_drawing(PARABOLA, (-2.2, 2.2), (-0.4, 9))
    return drawn | {
        "axes": [axis("rate", rates)],
        "paths": {f"{k}": walked(PARABOLA, descend(PARABOLA, 1, rate, 12)) for k, rate in enumerate(rates)},
    }


def hilly() -> dict:
    rates, starts = stepped(0.05, 0.8, 0.05), stepped(-4.5, 4.5, 0.5)
    both = product(enumerate(rates), enumerate(starts))
    return line_drawing(HILLY, (-5, 5), (-0.5, 6)) | {
        "axes": [axis("rate", rates), axis("start", starts, len(starts) - 1)],
        "paths": {f"{k},{j}": walked(HILLY, descend(HILLY, at, rate, 20)) for (k, rate), (j, at) in both},
    }


def bowl_paths() -> dict:
    rates = stepped(0.02, 0.7, 0.02)
    paths = {}
    for (k, rate), (j, steep) in product(enumerate(rates), enumerate(STEEPNESS)):
        paths[f"{k},{j}"] = walked(bowl(steep), descend(bowl(steep), (-2.5, 1.2), rate, 25))
    lines = [[level_line(bowl(steep), height).round(3).tolist() for height in LEVELS] for steep in STEEPNESS]
    axes = [axis("rate", rates), axis("steepness", STEEPNESS, 2)]
    return {
        "flat": False,
        "x": [-3, 3],
        "y": [-1.8, 1.8],
        "names": ["w₁", "w₂"],
        "axes": axes,
        "paths": paths,
        "levels": lines,
    }


def batches() -> dict:
    x, y = noisy_line(SAMPLES)
    land, rates, orders = line_landscape(x, y), (0.05, 0.1, 0.2, 0.4, 0.6), ("shuffled", "sorted")
    paths = {}
    for (k, rate), (j, size), (o, order) in product(enumerate(rates), enumerate(BATCHES), enumerate(orders)):
        path = batch_path(x, y, (-1, -1), rate, size, LOOKS, order)
        paths[f"{k},{j},{o}"] = walked(land, path, full=size == SAMPLES) | {"looks": size}
    assert land.lowest is not None, "a quadratic landscape knows its lowest point"
    axes = [axis("rate", rates), axis("batch", BATCHES, 0), axis("order", orders)]
    lines = [[level_line(land, height).round(3).tolist() for height in LEVELS]]
    box = {"x": [-1.6, 2.6], "y": [-1.4, 2.4], "names": ["w₀", "w₁"]}
    return {
        "flat": False,
        **box,
        "axes": axes,
        "paths": paths,
        "levels": lines,
        "lowest": land.lowest.round(4).tolist(),
    }


MAKERS = {"parabola": parabola, "hilly": hilly, "bowl": bowl_paths, "batches": batches}


def stepped(low: float, high: float, step: float) -> list[float]:
    return np.round(np.arange(low, high + step / 2, step), 4).tolist()


def axis(name: str, values, at: int = 0) -> dict:
    return {"name": name, "values": list(values), "at": at}


def line_drawing(land: Landscape, x: tuple[float, float], y: tuple[float, float]) -> dict:
    grid = np.linspace(*x, 201)
    curve = np.stack([grid, land.value(grid[:, None])], axis=1)
    return {"flat": True, "x": x, "y": y, "names": ["w"], "curve": curve.round(4).tolist()}


def walked(land: Landscape, path: np.ndarray, full: bool = True) -> dict:
    """A path with the loss at every point and, for steps along the full gradient, that gradient."""
    result = {"w": path.round(5).tolist(), "f": land.value(path).round(5).tolist()}
    return result | {"g": land.gradient(path).round(5).tolist()} if full else result
