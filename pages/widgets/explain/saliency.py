"""Which pixels an answer depends on: occlusion by a square, and the gradient with respect to each pixel."""

from typing import Literal

from pydantic import Field

from core.recordings.arrays import Packed
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words
from pages.widgets.explain.inside_maps import RECORDING, sent, verdicts


class Options(Spec):
    """`show`: cover pixels, or the gradient; `digit` is shown first."""

    show: Literal["occlusion", "saliency"] = "occlusion"
    digit: int = Field(default=4, ge=0, le=9)
    cell: tuple[int, int] = (12, 10)


def show(options: Options, key: str) -> None:
    result, texts = load(RECORDING), words(__file__)
    covers = options.show == "occlusion"
    size = result.numbers["square"][0]
    group = {
        "maps": sent(as_one_map(result.packed[options.show])),
        "field": [size, 1, -(size // 2)] if covers else [1, 1, 0],
        "tone": "output" if covers else "gradient",
        "title": texts[options.show],
        "sentence": texts[f"{options.show} summary"].replace("{size}", str(size)),
        "digits": 3,
        "most": 1 if covers else 0,
    }
    data = {
        "images": sent(result.packed["images"]),
        "labels": result.numbers["labels"],
        "about": verdicts(result, texts["about"]),
        "groups": [group],
        "start": options.digit,
        "cell": options.cell,
        "cover": covers,
        "words": texts,
    }
    component("maps_over_image")(key=f"{key}-blame", data=data)
    origin(result)


def as_one_map(packed: Packed) -> Packed:
    """(N, H, W) -> (N, 1, H, W)"""
    return packed.model_copy(update={"shape": (packed.shape[0], 1, *packed.shape[1:])})
