"""An image as numbers: every pixel of every channel, and the flattened image as one line."""

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
"""Built-in sets come first; the others may have to be downloaded."""
SOURCES = (*TOYS, *LIBRARY, "own")
SHOWN, OWN_SIDE = 8, 48


class Options(Spec):
    """`source` is the image shown first."""

    source: str = "house"
    controls: tuple[str, ...] = CONTROLS
    pixel: tuple[int, int] = Field(default=(0, 0))

    @field_validator("source")
    @classmethod
    def _known(cls, source):
        if source not in SOURCES:
            raise ValueError(f"there is no image {source!r}; choose from {', '.join(SOURCES)}")
        return source


def show(options: Options, key: str) -> None:
    texts = words(__file__)
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
        result = images(source, key, texts)
    except DataError as error:
        st.info(sentence(str(error)))
        return
    if result is not None:
        arrays, labels = result
        data = {"images": [b64encode(one.tobytes()).decode() for one in arrays], "shape": arrays[0].shape}
        more = {"labels": labels, "source": source, "start": options.pixel, "words": texts}
        component(__file__)(key=f"{key}-pixels", data=data | more)


def images(source: str, key: str, texts: dict[str, str]) -> tuple[list[np.ndarray], list[str]] | None:
    """Images (C, H, W) uint8 of one shape, and their labels. Raises DataError if the files are missing."""
    if source == "own":
        file = st.file_uploader(
            texts["file"], type=["png", "jpg", "jpeg", "webp"], key=f"{key}-own", max_upload_size=10
        )
        return None if file is None else ([colour(file.getvalue(), OWN_SIDE)], [""])
    if source in TOYS:
        return [TOYS[source]()], [""]
    data = catalogue.load(source)
    return list(data.images[:SHOWN]), [data.class_names[label] for label in data.labels[:SHOWN]]
