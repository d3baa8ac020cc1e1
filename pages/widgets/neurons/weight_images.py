"""The ten weight images of a network without a hidden layer, at several steps of a recorded training."""

from base64 import b64encode

import numpy as np

from core.numerics.losses import softmax
from core.recordings.arrays import RecordedArrays
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words


RECORDING = "weight-images"


class Options(Spec):
    """No options: there is one recording."""


def show(options: Options, key: str) -> None:
    result, texts = load(RECORDING), words(__file__)
    component(__file__)(key=f"{key}-weights", data=data(result, texts))
    origin(result)


def data(recording: RecordedArrays, texts: dict[str, str]) -> dict:
    """Weight images as bytes (levels, with their step); everything else as plain numbers."""
    steps = recording.numbers["steps"]
    logits = recording.array("logits")
    return {
        "steps": steps,
        "weights": [sent(recording.packed[f"weights-{step}"]) for step in steps],
        "means": sent(recording.packed["means"]),
        "differences": sent_array(recording.array("means") - recording.array("mean")),
        "images": sent(recording.packed["images"]),
        "labels": recording.numbers["labels"],
        "logits": logits.tolist(),
        "probabilities": np.stack([softmax(some) for some in logits]).round(4).tolist(),
        **{name.replace("-", "_"): recording.numbers[name] for name in ("accuracy", "like-means", "like-differences")},
        "words": texts,
    }


def sent(packed) -> dict:
    return {"step": packed.step, "levels": packed.levels, "count": packed.shape[0]}


def sent_array(values: np.ndarray) -> dict:
    step = float(np.abs(values).max()) / 127
    levels = b64encode(np.rint(values / step).astype(np.int8).tobytes()).decode()
    return {"step": step, "levels": levels, "count": len(values)}
