"""Pictures and the same pictures with their pixels in another order: one fixed shuffle for all of them."""

from base64 import b64encode

import numpy as np
from pydantic import Field

from core.data import catalogue
from core.demos.images.pixel_permutation import shuffle_order, shuffled
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


SHOWN = 6
WORDS = {
    "en": {
        "plain": "As they were written",
        "shuffled": "The same pixels, shuffled: each picture in the same way",
        "again": "Another shuffle",
        "label": "Pictures: arrow keys move to another pixel",
        "tip": "Point at a picture above: the pixel and its four neighbours are found again below. Or use the arrow keys.",
        "told": "Row {i}, column {j} goes to row {r}, column {c}. Its neighbours land {d} pixels away from it on average.",
        "table": "Every pixel as a table",
        "pixel": "row, column",
        "lands": "goes to",
        "picture": "picture {n}",
    },
    "de": {
        "plain": "Wie sie geschrieben wurden",
        "shuffled": "Dieselben Pixel, gemischt: jedes Bild auf dieselbe Weise",
        "again": "Anders mischen",
        "label": "Bilder: Pfeiltasten gehen zu einem anderen Pixel",
        "tip": "Zeige oben auf ein Bild: das Pixel und seine vier Nachbarn sind unten wiederzufinden. Oder nimm die Pfeiltasten.",
        "told": "Zeile {i}, Spalte {j} kommt nach Zeile {r}, Spalte {c}. Seine Nachbarn landen im Mittel {d} Pixel von ihm entfernt.",
        "table": "Jedes Pixel als Tabelle",
        "pixel": "Zeile, Spalte",
        "lands": "kommt nach",
        "picture": "Bild {n}",
    },
}


class Options(Spec):
    """`data` is a set of the catalogue that is always there."""

    data: str = Field(default="digits", pattern="^digits")
    shuffles: int = Field(default=3, ge=1, le=5)


def show(options: Options, key: str) -> None:
    pictures = catalogue.load(options.data).pictures[:SHOWN]
    _, _, height, width = pictures.shape
    seeds = range(1, options.shuffles + 1)
    data = {
        "side": [height, width],
        "plain": [sent(one) for one in pictures],
        "shuffled": [[sent(one) for one in shuffled(pictures, seed)] for seed in seeds],
        "goes": [np.argsort(shuffle_order(height * width, seed)).tolist() for seed in seeds],
        "words": words(WORDS),
    }
    component(__file__)(key=f"{key}-shuffle", data=data)


def sent(picture: np.ndarray) -> str:
    return b64encode(picture.tobytes()).decode()
