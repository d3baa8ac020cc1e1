"""Images, and the same images with their pixels shuffled in one fixed order."""

from base64 import b64encode

import numpy as np
from pydantic import Field

from core.data import catalogue
from core.demos.images.pixel_permutation import shuffle_order, shuffled
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


SHOWN = 6


class Options(Spec):
    """`data` is a built-in data set."""

    data: str = Field(default="digits", pattern="^digits")
    shuffles: int = Field(default=3, ge=1, le=5)


def show(options: Options, key: str) -> None:
    images = catalogue.load(options.data).images[:SHOWN]
    _, _, height, width = images.shape
    seeds = range(1, options.shuffles + 1)
    data = {
        "side": [height, width],
        "plain": [sent(one) for one in images],
        "shuffled": [[sent(one) for one in shuffled(images, seed)] for seed in seeds],
        "goes": [np.argsort(shuffle_order(height * width, seed)).tolist() for seed in seeds],
        "words": words(__file__),
    }
    component(__file__)(key=f"{key}-shuffle", data=data)


def sent(image: np.ndarray) -> str:
    return b64encode(image.tobytes()).decode()
