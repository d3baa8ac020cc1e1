"""What would this class like to see? Images made to excite a class, a unit or a feature map, by gradient ascent."""

import numpy as np
import streamlit as st

from core.arrays import Array
from core.explain.activation_maximization import REGULARISED, Ascent
from core.explain.why_questions import Maximise
from core.figures.overlay import grey
from core.figures.tiles import Tile, tiles
from core.network.layers import Activation, Dropout, Flatten, Pool
from core.network.shapes import Step, outline
from pages.parts.explore.subject import Subject
from pages.parts.explore.trust_view import pressed
from pages.ui.formatting import percent, share
from pages.ui.number_table import numbers


MOST_UNITS = 10
OUTPUT = ""
WAYS = {"Gradient ascent alone": Ascent(), "With decay and blur": REGULARISED}


def what_excites(subject: Subject, label: int) -> None:
    st.header("What would each class like to see?")
    st.markdown(
        "An image starts as grey noise and climbs the gradient of one output for 200 steps. Alone, the ascent finds "
        "noise that convinces the network and nobody else; decay and blur leave strokes.",
        width=720,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = st.selectbox(
            "Excite",
            [OUTPUT, *inner_layers(subject)],
            key=f"excite-layer-{subject.run.id}",
            format_func=lambda name: name or "the classes",
            width=220,
        )
        units, cell = units_of(subject, layer, label)
        go = pressed("Make the images", f"excite-{subject.run.id}-{subject.step}-{layer}-{units}-{cell}")
    if go:
        made = {name: ask(subject, layer, units, cell, way) for name, way in WAYS.items()}
        show_images(subject, layer, units, made, label)


def inner_layers(subject: Subject) -> dict[str, Step]:
    """Layers of the outermost row with weights or blocks: an activation or a pool excites what is below it."""
    steps = outline(subject.network)[:-1]
    return {
        step.layer.name: step for step in steps if not isinstance(step.layer, Activation | Dropout | Flatten | Pool)
    }


def units_of(subject: Subject, layer: str, label: int) -> tuple[tuple[int, ...], tuple[int, int] | None]:
    """The units, and the cell of each feature map if not their mean counts."""
    shape = inner_layers(subject)[layer].output if layer else (len(subject.class_names),)
    starts = list(range(0, shape[0], MOST_UNITS))
    first = starts[label // MOST_UNITS] if not layer else 0
    if len(starts) > 1:
        first = st.selectbox(
            "Numbers",
            starts,
            index=starts.index(first),
            key=f"excite-first-{subject.run.id}-{layer}",
            format_func=lambda start: f"{start + 1} to {min(start + MOST_UNITS, shape[0])}",
            width=140,
        )
    cell = None
    if len(shape) == 3:
        whole = st.selectbox(
            "Part", ["whole map", "middle cell"], key=f"excite-part-{subject.run.id}-{layer}", width=160
        )
        cell = None if whole == "whole map" else (shape[1] // 2, shape[2] // 2)
    return tuple(range(first, min(first + MOST_UNITS, shape[0]))), cell


def ask(
    subject: Subject, layer: str, units: tuple[int, ...], cell: tuple[int, int] | None, ascent: Ascent
) -> dict[str, Array]:
    low, high = (subject.scaled(np.full((1, *subject.shape), level, np.uint8))[0] for level in (0, 255))
    return subject.ask(Maximise(units=units, layer=layer, cell=cell, ascent=ascent), low=low, high=high)


def show_images(
    subject: Subject, layer: str, units: tuple[int, ...], made: dict[str, dict[str, Array]], label: int
) -> None:
    names = [f"{layer}, {unit + 1}" if layer else subject.class_names[unit] for unit in units]
    columns: dict[str, list | Array] = {"excited": names}
    for way, answer in made.items():
        st.markdown(f"**{way}.** {summary(answer)}")
        reached = [
            percent(float(answer["probability"][n])) if not layer else f"output {answer['values'][-1, n]:.3g}"
            for n in range(len(units))
        ]
        shown = [
            Tile(
                grey(answer["images"][n]),
                name,
                f"image made to excite {name}: {reached[n]}",
                (reached[n], f"variation {answer['variation'][n]:.3f}"),
                strong=not layer and unit == label,
            )
            for n, (unit, name) in enumerate(zip(units, names, strict=True))
        ]
        st.html(tiles(shown, least=80))
        columns |= {f"output: {way}": answer["values"][-1], f"variation: {way}": answer["variation"]}
        if not layer:
            columns[f"probability: {way}"] = answer["probability"]
    alone, calm = (float(answer["variation"].mean()) for answer in made.values())
    st.markdown(
        f"Decay and blur leave **{share(calm / alone) if alone else share(float('nan'))}** of the total variation."
    )
    numbers("The images in numbers", columns, f"excite-{subject.run.id}-{layer or 'classes'}")


def summary(answer: dict[str, Array]) -> str:
    variation = f"Total variation per pair of neighbouring pixels: {answer['variation'].mean():.3f} on average."
    if "probability" not in answer:
        return variation
    return f"Every class reaches at least {100 * float(answer['probability'].min()):.2f} %. {variation}"
