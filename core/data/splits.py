"""Which rows train, validate and test: in file order, at random, or with every class at its share."""

import heapq

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.recipe import DataRecipe
from core.random import generator


def split(dataset: Dataset, recipe: DataRecipe, seed: int) -> dict[str, Array]:
    """The parts train, validation and test -> disjoint int64 rows of `dataset.images`.

    Each of the file's parts is put into the recipe's order. Training takes the first of the training part. Validation takes
    the first of the file's own validation part; where there is none, the last of the training part: by default one
    sixth (of MNIST's 60,000 the last 10,000, as in Nielsen's book), or what training leaves. Test takes the first of the
    test part, and nothing else ever does. `per_class` then keeps the first of each class among the training images. A smaller training set is a beginning of a larger one (stratified: but for the
    exchange in `with_every_class`), and the validation rows stay.

    Raises DataError when the recipe asks for more than there is, or stratified for fewer images than classes.
    """
    # One stream for the three permutations: their lengths depend on the file alone, not on what the recipe takes.
    rng = generator(seed, "split")
    available, own, test = (_ordered(dataset, part, recipe.order, rng) for part in ("train", "validation", "test"))
    train_count, validation_count = _counts(dataset, recipe, len(available), len(own))
    test_count = _asked(dataset, "test", recipe.test, len(test))
    if recipe.order == "stratified":
        available = with_every_class(available, dataset, train_count)
    return {
        "train": of_each_class(available[:train_count], dataset, recipe.per_class),
        "validation": own[:validation_count] if len(own) else available[len(available) - validation_count :],
        "test": test[:test_count],
    }


def _counts(dataset: Dataset, recipe: DataRecipe, available: int, own: int) -> tuple[int, int]:
    """How many train and how many validate."""
    if own:
        return (
            _asked(dataset, "training", recipe.train, available),
            _asked(dataset, "validation", recipe.validation, own),
        )
    train = _asked(dataset, "training", recipe.train, available)
    left = available - train if recipe.train is not None else available
    validation = min(available // 6, left) if recipe.validation is None else recipe.validation
    if recipe.train is None:
        train = available - validation
    if train < 1 or train + validation > available:
        asked = f"{train:,} to train with and " if recipe.train is not None else ""
        raise DataError(
            f"The recipe asks for {asked}{validation:,} to validate with, but both come from {dataset.label}'s "
            f"{available:,} training images. Ask for fewer, and leave at least one to train with."
        )
    return train, validation


def _asked(dataset: Dataset, part: str, count: int | None, available: int) -> int:
    if count is not None and count > available:
        raise DataError(
            f"The recipe asks for {count:,} {part} images, but {dataset.label} has {available:,}. Ask for fewer."
        )
    return available if count is None else count


def _ordered(dataset: Dataset, part: str, order: str, rng: np.random.Generator) -> Array:
    rows = np.array(dataset.parts.get(part, range(0)), dtype=np.int64)
    if order == "file":
        return rows
    shuffled = rng.permutation(rows)
    return shuffled if order == "random" else shuffled[interleaved(dataset.labels[shuffled])]


def of_each_class(rows: Array, dataset: Dataset, counts: tuple[int, ...] | None) -> Array:
    """The first of each class among `rows`, in their order: as many as `counts` says, one number for all classes or one for
    each. Raises DataError when there are not that many, or nothing is left."""
    if counts is None:
        return rows
    classes = dataset.classes
    if len(counts) not in (1, classes):
        raise DataError(
            f"{len(counts)} counts per class were given, but {dataset.label} has {classes} classes. "
            f"Give one number for all classes, or {classes}."
        )
    counts = counts * classes if len(counts) == 1 else counts
    labels = dataset.labels[rows]
    there = np.bincount(labels, minlength=classes)
    if too_many := [label for label in range(classes) if counts[label] > there[label]]:
        label = too_many[0]
        raise DataError(
            f"The recipe asks for {counts[label]:,} training images of class {dataset.class_names[label]!r}, but of the "
            f"{len(rows):,} chosen to train with {there[label]:,} are. Ask for fewer, or for more training images."
        )
    if not sum(counts):
        raise DataError("The recipe asks for no training images of any class. Ask for at least one.")
    kept = [np.flatnonzero(labels == label)[:count] for label, count in enumerate(counts)]
    return rows[np.sort(np.concatenate(kept))]


def interleaved(labels: Array) -> Array:
    """An order of `labels` (N,) in which every class comes evenly: after any k, and before any k, each class is there
    k times its share, within 1.

    The j-th image (from 0) of a class with n of N has a window of places, from floor(j N / n) up to but not including
    ceil((j + 1) N / n); place by place, the one whose window closes first goes (Steiner and Yeomans 1993; that this
    always works out is Tijdeman's theorem of 1980). Images of a class keep their order.
    """
    total = len(labels)
    windows = []
    for rows in (np.flatnonzero(labels == label).tolist() for label in np.unique(labels)):
        size = len(rows)
        windows += [(j * total // size, -(-(j + 1) * total // size), row) for j, row in enumerate(rows)]
    windows.sort(reverse=True)
    waiting: list[tuple[int, int]] = []
    order = []
    for index in range(total):
        while windows and windows[-1][0] <= index:
            _, closes, row = windows.pop()
            heapq.heappush(waiting, (closes, row))
        order.append(heapq.heappop(waiting)[1])
    return np.array(order, dtype=np.int64)


def with_every_class(rows: Array, dataset: Dataset, count: int) -> Array:
    """`rows` with an image of every class among the first `count`: a class too rare for its share gets one place, the
    last that the largest class has there. Raises DataError when `count` is smaller than the number of classes."""
    rows = rows.copy()
    labels = dataset.labels[rows]
    present = np.unique(labels)
    if count < len(present):
        raise DataError(
            f"Stratified training images show each of {dataset.label}'s {len(present)} classes at least once, so "
            f"{count} are too few. Ask for at least {len(present)}, or for another order."
        )
    for label in present:
        if label not in labels[:count]:
            largest = np.bincount(labels[:count]).argmax()
            out, into = np.flatnonzero(labels[:count] == largest)[-1], np.flatnonzero(labels == label)[0]
            rows[[out, into]], labels[[out, into]] = rows[[into, out]], labels[[into, out]]
    return rows
