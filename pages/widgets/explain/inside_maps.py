"""The feature maps of every layer of a trained network for a digit, with the receptive field of the cell pointed at."""

from typing import Literal

from pydantic import Field

from core.network.costs import Cost, costs
from core.numerics.losses import softmax
from core.recordings.arrays import Packed, RecordedArrays
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words


RECORDING = "inside-maps"
Layer = Literal["conv1", "pool1", "conv2", "pool2"]
LAYERS: tuple[Layer, ...] = ("conv1", "pool1", "conv2", "pool2")


class Options(Spec):
    """`layers` in the order of the network; `digit` is shown first; `cell`: row and column selected first."""

    layers: tuple[Layer, ...] = Field(default=LAYERS, min_length=1)
    digit: int = Field(default=4, ge=0, le=9)
    cell: tuple[int, int] = (3, 3)


def show(options: Options, key: str) -> None:
    result, texts = load(RECORDING), words(__file__)
    layer_costs = {cost.step.layer.name: cost for cost in costs(result.experiment.network)}
    data = {
        "images": sent(result.packed["images"]),
        "labels": result.numbers["labels"],
        "about": verdicts(result, texts["about"]),
        "groups": [group(result, name, layer_costs[name], texts) for name in options.layers],
        "start": options.digit,
        "cell": options.cell,
        "cover": False,
        "words": texts,
    }
    component("maps_over_image")(key=f"{key}-maps", data=data)
    origin(result)


def group(recording: RecordedArrays, name: str, cost: Cost, texts: dict[str, str]) -> dict:
    """`field`: size of the receptive field, step between neighbours, and where the first cell's field begins."""
    assert cost.receptive_field
    assert cost.jump
    field = [cost.receptive_field[0], cost.jump[0], 0]
    words_ = {"title": texts[name], "sentence": texts["sentence"], "digits": 2}
    return {"maps": sent(recording.packed[name]), "field": field, "tone": "output", **words_}


def verdicts(recording: RecordedArrays, text: str) -> list[str]:
    shares = softmax(recording.array("logits"))
    return [text.format(label=row.argmax(), p=f"{row.max():.3f}") for row in shares]


def sent(packed: Packed) -> dict:
    return {"step": packed.step, "levels": packed.levels, "shape": packed.shape}
