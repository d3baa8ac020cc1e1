"""A picture as its numbers: every pixel of every channel, and the line it becomes when it is flattened."""

from base64 import b64encode

import numpy as np
import streamlit as st
from pydantic import Field, field_validator

from core.data import catalogue
from core.data.dataset import DataError
from core.demos.images.toy_images import TOYS
from core.demos.images.uploaded_image import colour
from core.spec import Spec
from pages.ui.component import component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("source",)
LIBRARY = ("digits", "street-digits", "faces", "mnist", "svhn", "fer2013")
"""Those that are always here come first; the others may have to be downloaded."""
SOURCES = (*TOYS, *LIBRARY, "own")
SHOWN, OWN_SIDE = 8, 48
WORDS = {
    "en": {
        "source": "Picture",
        "house": "a house (drawn, 12 × 16, colour)",
        "patches": "four patches (drawn, 8 × 8, colour)",
        "digits": "handwritten digits (always here, 28 × 28, grey)",
        "street-digits": "house numbers (drawn, 32 × 32, colour)",
        "faces": "faces (drawn, 48 × 48, grey)",
        "mnist": "MNIST (28 × 28, grey)",
        "svhn": "SVHN house numbers (32 × 32, colour)",
        "fer2013": "FER2013 faces (48 × 48, grey)",
        "own": "one of your own",
        "file": "A picture file; it stays on this server only while you look",
        "picture": "The picture",
        "channels": "Its channels, each a table of numbers",
        "red": "red",
        "green": "green",
        "blue": "blue",
        "grey": "grey",
        "line": "Flattened: {n} numbers in a line",
        "another": "Another picture",
        "lay": "Lay out the rows",
        "rows": "rows laid out",
        "label": "Picture: arrow keys move to another pixel",
        "pixel": "Row {i}, column {j}",
        "class": "Label: {label}",
        "index": "number {k} of the line",
        "tip": "Point at the picture, or focus it and use the arrow keys. Rows, columns and numbers of the line count from 1.",
        "table": "The first channel as a table",
    },
    "de": {
        "source": "Bild",
        "house": "ein Haus (gezeichnet, 12 × 16, Farbe)",
        "patches": "vier Flecken (gezeichnet, 8 × 8, Farbe)",
        "digits": "handgeschriebene Ziffern (immer da, 28 × 28, grau)",
        "street-digits": "Hausnummern (gezeichnet, 32 × 32, Farbe)",
        "faces": "Gesichter (gezeichnet, 48 × 48, grau)",
        "mnist": "MNIST (28 × 28, grau)",
        "svhn": "SVHN, Hausnummern (32 × 32, Farbe)",
        "fer2013": "FER2013, Gesichter (48 × 48, grau)",
        "own": "ein eigenes",
        "file": "Eine Bilddatei; sie bleibt nur auf diesem Server, solange du hinschaust",
        "picture": "Das Bild",
        "channels": "Seine Kanäle, jeder eine Tabelle aus Zahlen",
        "red": "rot",
        "green": "grün",
        "blue": "blau",
        "grey": "grau",
        "line": "Flachgelegt: {n} Zahlen in einer Reihe",
        "another": "Ein anderes Bild",
        "lay": "Die Zeilen auslegen",
        "rows": "ausgelegte Zeilen",
        "label": "Bild: Pfeiltasten gehen zu einem anderen Pixel",
        "pixel": "Zeile {i}, Spalte {j}",
        "class": "Etikett: {label}",
        "index": "Zahl {k} der Reihe",
        "tip": "Zeige auf das Bild, oder gehe hinein und nimm die Pfeiltasten. Zeilen, Spalten und Zahlen der Reihe zählen ab 1.",
        "table": "Der erste Kanal als Tabelle",
    },
}


class Options(Spec):
    """`source`: which picture the student sees first."""

    source: str = "house"
    controls: tuple[str, ...] = CONTROLS
    pixel: tuple[int, int] = Field(default=(0, 0))

    @field_validator("source")
    @classmethod
    def _known(cls, source):
        if source not in SOURCES:
            raise ValueError(f"there is no picture {source!r}; there are {', '.join(SOURCES)}")
        return source


def show(options: Options, key: str) -> None:
    texts = words(WORDS)
    source = options.source
    if "source" in options.controls and not hidden("source"):
        source = st.selectbox(
            texts["source"],
            SOURCES,
            SOURCES.index(source),
            format_func=lambda name: texts[name],
            key=f"{key}-source",
            bind="query-params",
        )
    try:
        found = pictures(source, key, texts)
    except DataError as error:
        st.info(sentence(str(error)))
        return
    if found is not None:
        arrays, labels = found
        data = {"pictures": [b64encode(one.tobytes()).decode() for one in arrays], "shape": arrays[0].shape}
        more = {"labels": labels, "source": source, "start": options.pixel, "words": texts}
        component(__file__)(key=f"{key}-pixels", data=data | more)


def pictures(source: str, key: str, texts: dict[str, str]) -> tuple[list[np.ndarray], list[str]] | None:
    """Pictures (C, H, W) uint8 of one shape, and their labels. Raises DataError with what is missing."""
    if source == "own":
        file = st.file_uploader(
            texts["file"], type=["png", "jpg", "jpeg", "webp"], key=f"{key}-own", max_upload_size=10
        )
        return None if file is None else ([colour(file.getvalue(), OWN_SIDE)], [""])
    if source in TOYS:
        return [TOYS[source]()], [""]
    data = catalogue.load(source)
    return list(data.pictures[:SHOWN]), [data.class_names[label] for label in data.labels[:SHOWN]]
