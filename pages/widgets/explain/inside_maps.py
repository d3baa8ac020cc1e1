"""The maps of every layer of a trained network for a digit; the cell under the pointer shows which pixels it sees."""

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
LAYERS = ("conv1", "pool1", "conv2", "pool2")
WORDS = {
    "en": {
        "choose": "Test digit",
        "digit": "a {label}",
        "input": "The digit",
        "conv1": "Convolution 1, before ReLU: 8 maps of 24 × 24",
        "pool1": "After ReLU and pool 1: 8 maps of 12 × 12",
        "conv2": "Convolution 2, before ReLU: 16 maps of 8 × 8",
        "pool2": "After ReLU and pool 2: 16 maps of 4 × 4",
        "sentence": "Map {map}, row {i}, column {j} answers {v}. It sees rows {top} to {bottom} and columns {left} to {right} of the digit.",
        "label": "Maps: arrow keys move to another cell, Home and End to another map, Page Up and Page Down to another layer",
        "tip": "Point at a map. Keys: arrows move within a map, Home and End to the next map, Page Up and Page Down to the next layer. Blue: above zero. Orange: below.",
        "table": "{name}: map {map} as a table",
        "about": "The network says {label}, with probability {p}.",
    },
    "de": {
        "choose": "Testziffer",
        "digit": "eine {label}",
        "input": "Die Ziffer",
        "conv1": "Faltung 1, vor ReLU: 8 Karten zu 24 × 24",
        "pool1": "Nach ReLU und Pooling 1: 8 Karten zu 12 × 12",
        "conv2": "Faltung 2, vor ReLU: 16 Karten zu 8 × 8",
        "pool2": "Nach ReLU und Pooling 2: 16 Karten zu 4 × 4",
        "sentence": "Karte {map}, Zeile {i}, Spalte {j} antwortet {v}. Sie sieht die Zeilen {top} bis {bottom} und die Spalten {left} bis {right} der Ziffer.",
        "label": "Karten: Pfeiltasten gehen zu einer anderen Zelle, Pos1 und Ende zu einer anderen Karte, Bild auf und Bild ab zu einer anderen Schicht",
        "tip": "Zeige auf eine Karte. Tasten: Pfeile gehen in einer Karte, Pos1 und Ende zur nächsten Karte, Bild auf und Bild ab zur nächsten Schicht. Blau: über null. Orange: darunter.",
        "table": "{name}: Karte {map} als Tabelle",
        "about": "Das Netz sagt {label}, mit Wahrscheinlichkeit {p}.",
    },
}


class Options(Spec):
    """`layers` in the order of the network; `digit`: which one first; `cell`: row and column of the first cell."""

    layers: tuple[Literal["conv1", "pool1", "conv2", "pool2"], ...] = Field(default=LAYERS, min_length=1)
    digit: int = Field(default=4, ge=0, le=9)
    cell: tuple[int, int] = (3, 3)


def show(options: Options, key: str) -> None:
    found, texts = load(RECORDING), words(WORDS)
    bills = {bill.step.layer.name: bill for bill in costs(found.experiment.network)}
    data = {
        "pictures": sent(found.packed["pictures"]),
        "labels": found.numbers["labels"],
        "about": verdicts(found, texts["about"]),
        "groups": [group(found, name, bills[name], texts) for name in options.layers],
        "start": options.digit,
        "cell": options.cell,
        "cover": False,
        "words": texts,
    }
    component("maps_over_picture")(key=f"{key}-maps", data=data)
    origin(found)


def group(found: RecordedArrays, name: str, bill: Cost, texts: dict[str, str]) -> dict:
    """`field`: how much a cell sees, how far neighbours look apart, where the first one's field begins."""
    assert bill.receptive_field and bill.jump
    field = [bill.receptive_field[0], bill.jump[0], 0]
    words_ = {"title": texts[name], "sentence": texts["sentence"], "digits": 2}
    return {"maps": sent(found.packed[name]), "field": field, "tone": "output", **words_}


def verdicts(found: RecordedArrays, text: str) -> list[str]:
    shares = softmax(found.array("logits"))
    return [text.format(label=row.argmax(), p=f"{row.max():.3f}") for row in shares]


def sent(packed: Packed) -> dict:
    return {"step": packed.step, "levels": packed.levels, "shape": packed.shape}
