"""Which pixels an answer hangs on: a square that covers the digit, and the slope of the answer by each pixel."""

from typing import Literal

from pydantic import Field

from core.recordings.arrays import Packed
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words
from pages.widgets.explain.inside_maps import RECORDING, sent, verdicts


WORDS = {
    "en": {
        "choose": "Test digit",
        "digit": "a {label}",
        "input": "The digit",
        "occlusion": "Covered here: what is left of its probability",
        "occlusion told": "Black square of {size} × {size} around row {i}, column {j}: the probability of {label} is {v}.",
        "saliency": "The slope of its logit by each pixel",
        "saliency told": "Row {i}, column {j}: a little more ink here moves the logit of {label} by {v} times as much.",
        "label": "A map over the digit: arrow keys move to another pixel",
        "tip": "Point at the map, or use the arrow keys.",
        "table": "{name}, as a table",
        "about": "Nothing covered: the network says {label}, with probability {p}.",
    },
    "de": {
        "choose": "Testziffer",
        "digit": "eine {label}",
        "input": "Die Ziffer",
        "occlusion": "Hier verdeckt: was von ihrer Wahrscheinlichkeit bleibt",
        "occlusion told": "Schwarzes Quadrat aus {size} × {size} um Zeile {i}, Spalte {j}: die Wahrscheinlichkeit von {label} ist {v}.",
        "saliency": "Die Steigung ihres Logits nach jedem Pixel",
        "saliency told": "Zeile {i}, Spalte {j}: ein wenig mehr Tinte hier ändert das Logit von {label} um das {v}-fache davon.",
        "label": "Eine Karte über der Ziffer: Pfeiltasten gehen zu einem anderen Pixel",
        "tip": "Zeige auf die Karte, oder nimm die Pfeiltasten.",
        "table": "{name}, als Tabelle",
        "about": "Nichts verdeckt: das Netz sagt {label}, mit Wahrscheinlichkeit {p}.",
    },
}


class Options(Spec):
    """`show`: cover pixels, or the slope; `digit`: which one first."""

    show: Literal["occlusion", "saliency"] = "occlusion"
    digit: int = Field(default=4, ge=0, le=9)
    cell: tuple[int, int] = (12, 10)


def show(options: Options, key: str) -> None:
    found, texts = load(RECORDING), words(WORDS)
    covers = options.show == "occlusion"
    size = found.numbers["square"][0]
    group = {
        "maps": sent(as_one_map(found.packed[options.show])),
        "field": [size, 1, -(size // 2)] if covers else [1, 1, 0],
        "tone": "output" if covers else "gradient",
        "title": texts[options.show],
        "sentence": texts[f"{options.show} told"].replace("{size}", str(size)),
        "digits": 3,
        "most": 1 if covers else 0,
    }
    data = {
        "pictures": sent(found.packed["pictures"]),
        "labels": found.numbers["labels"],
        "about": verdicts(found, texts["about"]),
        "groups": [group],
        "start": options.digit,
        "cell": options.cell,
        "cover": covers,
        "words": texts,
    }
    component("maps_over_picture")(key=f"{key}-blame", data=data)
    origin(found)


def as_one_map(packed: Packed) -> Packed:
    """(N, H, W) -> (N, 1, H, W)"""
    return packed.model_copy(update={"shape": (packed.shape[0], 1, *packed.shape[1:])})
