"""How a data set is split: sliders for the parts, and the number of images per class in each."""

from functools import lru_cache

import numpy as np

from core.data import catalogue
from core.data.recipe import DataRecipe
from core.data.splits import split
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


DATA = "digits"
TRAIN, VALIDATION = (20, 50, 100, 200, 400, 700, 1000), (20, 50, 100, 200, 287)
ORDERS = ("file", "random", "stratified")


class Options(Spec):
    """Where the sliders start: indices into TRAIN, VALIDATION and ORDERS."""

    train: int = 2
    validation: int = 2
    order: int = 0


def show(options: Options, key: str) -> None:
    axes = [
        {"name": "train", "values": TRAIN, "at": options.train},
        {"name": "validation", "values": VALIDATION, "at": options.validation},
        {"name": "order", "values": ORDERS, "at": options.order},
    ]
    names = catalogue.describe(DATA).class_names
    data = {"axes": axes, "counts": counts(), "classes": names, "words": words(__file__)}
    component(__file__)(key=f"{key}-split", data=data)


@lru_cache(maxsize=1)
def counts() -> dict[str, list[list[int]]]:
    """Maps "i,j,k" (indices on the axes) to the images per class in training, validation and test."""
    data = catalogue.load(DATA)
    result = {}
    for k, order in enumerate(ORDERS):
        for i, train in enumerate(TRAIN):
            for j, validation in enumerate(VALIDATION):
                rows = split(data, DataRecipe(name=DATA, train=train, validation=validation, order=order), 1)
                result[f"{i},{j},{k}"] = [
                    np.bincount(data.labels[rows[part]], minlength=data.classes).tolist()
                    for part in ("train", "validation", "test")
                ]
    return result
