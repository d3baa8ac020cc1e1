"""The activation of every unit of a trained network with two hidden layers: each digit has its own pattern."""

from core.numerics.losses import softmax
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words


RECORDING = "activation-patterns"


class Options(Spec):
    """No options: there is one recording."""


def show(options: Options, key: str) -> None:
    result, texts = load(RECORDING), words(__file__)
    data = {
        "images": result.packed["images"].levels,
        "labels": result.numbers["labels"],
        "layers": [
            result.numbers["first"],
            result.numbers["second"],
            softmax(result.array("logits")).round(4).tolist(),
        ],
        "words": texts,
    }
    component(__file__)(key=f"{key}-patterns", data=data)
    origin(result)
