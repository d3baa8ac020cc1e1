"""One layer of a run at the steps that it remembers: kernels, feature maps, strongest patches, histograms."""

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
import streamlit as st

from core.arrays import Array
from core.explain.inside_questions import Histograms, StrongestPatches
from core.explain.kernel_images import kernel_images
from core.explain.questions import Activations
from core.network.shapes import Step, trace
from core.recordings.arrays import packed
from pages.parts.explore.subject import Samples, Subject


MOST_STEPS = 24
MOST_UNITS = 32
MOST_PARTS = 16
"""Kernels shown of one filter."""
MOST_BYTES = 3_000_000
"""Of the feature maps or kernels of all steps together; beyond that, fewer steps are shown."""
KINDS = ("weights", "activations", "weight_gradients", "activation_gradients")


@dataclass(frozen=True)
class Side:
    """What one network shows; two can be compared."""

    name: str
    subject: Subject
    layer: str
    steps: list[int]


def chosen_steps(subject: Subject, layer: str, most: int = MOST_STEPS) -> list[int]:
    """Of the remembered steps, as many as can be sent to the browser, the first and the last included."""
    steps, step = subject.run.remembered(), step_of_layer(subject, layer)
    cells = MOST_UNITS * int(np.prod(step.output[1:], initial=1))
    most = max(2, min(most, MOST_BYTES // max(cells, 1)))
    places = np.linspace(0, len(steps) - 1, min(most, len(steps))).round().astype(int)
    return [steps[place] for place in places]


def step_of_layer(subject: Subject, layer: str) -> Step:
    return next(step for step in trace(subject.network) if step.layer.name == layer)


def over_time(side: Side, samples: Samples, image: int, first: int) -> dict:
    """For the browser: everything about MOST_UNITS units from `first`. Raises BackendError, RunError or DataError."""
    subject = side.subject
    known = str(subject.run.path), subject.backend, tuple(side.steps), crc32(samples.images.tobytes())
    return {"name": side.name, **_asked(known, side.layer, image, first, side, samples)}


@st.cache_resource(max_entries=16, show_spinner=False)
def _asked(known: tuple, layer: str, image: int, first: int, _side: Side, _samples: Samples) -> dict:
    """`known` and the next three say what is asked; the other arguments are not compared."""
    side, samples, subject = _side, _samples, _side.subject
    images = subject.scaled(samples.images)
    units = slice(first, first + MOST_UNITS)
    kernels, maps, spots, histograms = [], [], [], []
    for step in side.steps:
        now = replace(subject, step=step)
        weights = subject.run.state_at(step).weights.get(f"{layer}.weights")
        if weights is not None:
            kernels.append(kernel_images(subject.network, layer, weights)[units, :MOST_PARTS])
        maps.append(now.ask(Activations(layers=(layer,)), images=images[image : image + 1])[layer][0, units])
        spots.append(now.ask(StrongestPatches(layer=layer, most=units.stop), images=images))
        histograms.append(now.ask(Histograms(layers=(layer,)), images=images, labels=samples.labels))
    boxes = np.stack([one["boxes"][units] for one in spots])
    return {
        "steps": side.steps,
        "kernels": sent(np.stack(kernels)) if kernels else None,
        "maps": sent(as_maps(np.stack(maps))),
        "values": np.stack([one["values"][units] for one in spots]).round(4).tolist(),
        "patches": np.concatenate(
            [np.stack([one["images"][units] for one in spots])[..., None], boxes[..., :2]], axis=-1
        ).tolist(),
        "field": [int(length) for length in (boxes[0, 0, 0, 2:] - boxes[0, 0, 0, :2])],
        "zero": np.stack([one[f"{layer}/zero"][units] for one in histograms]).round(4).tolist(),
        "saturated": np.stack([one[f"{layer}/saturated"][units] for one in histograms]).round(4).tolist(),
        "histograms": {
            kind: [bars(one, f"{layer}/{kind}") for one in histograms]
            for kind in KINDS
            if f"{layer}/{kind}/counts" in histograms[0]
        },
    }


def as_maps(values: Array) -> Array:
    """Units of a dense layer (steps, units) are maps of one cell."""
    return values if values.ndim == 4 else values[..., None, None]


def sent(values: Array) -> dict:
    """Numbers with one byte each, on a scale that all steps share, so that growth can be seen."""
    return packed(np.nan_to_num(values, posinf=0, neginf=0)).model_dump()


def bars(answer: dict[str, Array], name: str) -> dict:
    counts, edges, zeros = (answer[f"{name}/{part}"] for part in ("counts", "edges", "zeros"))
    total = float(counts.sum() + zeros) or 1.0
    return {
        "shares": (counts / total).round(5).tolist(),
        "low": float(edges[0]),
        "high": float(edges[-1]),
        "zeros": float(zeros) / total,
    }
