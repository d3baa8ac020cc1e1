"""Splitting rows into training, validation and test: in file order, at random, or stratified by class."""

import heapq

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.recipe import DataRecipe
from core.random import generator


def split(dataset: Dataset, recipe: DataRecipe, seed: int) -> dict[str, Array]:
    """train, validation and test -> disjoint int64 rows of `dataset.images`.

    Each part of the file is put into the recipe's order. Training takes the first rows of the training part. Validation
    takes the first rows of the file's validation part; if there is none, the last rows of the training part: by default
    one sixth (of MNIST's 60,000 the last 10,000, as in Nielsen's book), or what training leaves. The test takes the
    first rows of the test part, which are used for nothing else. `per_class` then keeps the first training images of
    each class. A smaller training set is the beginning of a larger one (except for the swap in `with_every_class` when
    stratified), and the validation rows are the same.

    Raises DataError if the recipe needs more images than there are, or stratified, fewer images than classes.
    """
    # One stream for the three permutations: their lengths depend only on the file, not on the recipe.
    rng = generator(seed, "split")
    available, validation, test = (
        _ordered(dataset, part, recipe.order, rng) for part in ("train", "validation", "test")
    )
    train_count, validation_count = _counts(dataset, recipe, len(available), len(validation))
    test_count = _checked_count(dataset, "test", recipe.test, len(test))
    if recipe.order == "stratified":
        available = with_every_class(available, dataset, train_count)
    return {
        "train": of_each_class(available[:train_count], dataset, recipe.per_class),
        "validation": validation[:validation_count]
        if len(validation)
        else available[len(available) - validation_count :],
        "test": test[:test_count],
    }


def _counts(dataset: Dataset, recipe: DataRecipe, available: int, in_validation: int) -> tuple[int, int]:
    """The numbers of training and validation images, given the sizes of the file's training and validation parts."""
    if in_validation:
        return (
            _checked_count(dataset, "training", recipe.train, available),
            _checked_count(dataset, "validation", recipe.validation, in_validation),
        )
    train = _checked_count(dataset, "training", recipe.train, available)
    left = available - train if recipe.train is not None else available
    validation = min(available // 6, left) if recipe.validation is None else recipe.validation
    if recipe.train is None:
        train = available - validation
    if train < 1 or train + validation > available:
        training = f"{train:,} training and " if recipe.train is not None else ""
        raise DataError(
            f"The recipe needs {training}{validation:,} validation images, but both come from {dataset.label}'s "
            f"{available:,} training images. Choose smaller numbers, and leave at least one image for training."
        )
    return train, validation


def _checked_count(dataset: Dataset, part: str, count: int | None, available: int) -> int:
    if count is not None and count > available:
        raise DataError(
            f"The recipe needs {count:,} {part} images, but {dataset.label} has {available:,}. Choose a smaller number."
        )
    return available if count is None else count


def _ordered(dataset: Dataset, part: str, order: str, rng: np.random.Generator) -> Array:
    rows = np.array(dataset.parts.get(part, range(0)), dtype=np.int64)
    if order == "file":
        return rows
    shuffled = rng.permutation(rows)
    return shuffled if order == "random" else shuffled[interleaved(dataset.labels[shuffled])]


def of_each_class(rows: Array, dataset: Dataset, counts: tuple[int, ...] | None) -> Array:
    """The first of `rows` of each class, in their order: as many as `counts` says, one number for all classes or one
    for each. Raises DataError if there are too few, or if nothing is left."""
    if counts is None:
        return rows
    classes = dataset.classes
    if len(counts) not in (1, classes):
        raise DataError(
            f"{len(counts)} counts per class were given, but {dataset.label} has {classes} classes. "
            f"Enter one number for all classes, or {classes} numbers."
        )
    counts = counts * classes if len(counts) == 1 else counts
    labels = dataset.labels[rows]
    available = np.bincount(labels, minlength=classes)
    if too_many := [label for label in range(classes) if counts[label] > available[label]]:
        label = too_many[0]
        raise DataError(
            f"The recipe needs {counts[label]:,} training images of class {dataset.class_names[label]!r}, but the "
            f"{len(rows):,} training images contain only {available[label]:,}. Choose a smaller number, or use more "
            "training images."
        )
    if not sum(counts):
        raise DataError("The recipe uses no training images of any class. Choose at least one.")
    kept = [np.flatnonzero(labels == label)[:count] for label, count in enumerate(counts)]
    return rows[np.sort(np.concatenate(kept))]


def interleaved(labels: Array) -> Array:
    """An order of `labels` (N,) in which every class is spread evenly: the first k, and the last k, contain each class
    k times its share, within 1.

    The j-th image (from 0) of a class with n of N images has a window of positions, from floor(j N / n) up to but not
    including ceil((j + 1) N / n). Each position in turn takes the image whose window closes first (Steiner and Yeomans
    1993; Tijdeman's theorem of 1980 says that this always works). Images of a class keep their order.
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
    """`rows` with an image of every class among the first `count`: a missing class gets the last position that the
    largest class has there. Raises DataError if `count` is smaller than the number of classes."""
    rows = rows.copy()
    labels = dataset.labels[rows]
    present = np.unique(labels)
    if count < len(present):
        raise DataError(
            f"Stratified training images contain each of {dataset.label}'s {len(present)} classes at least once, so "
            f"{count} are too few. Choose at least {len(present)}, or another order."
        )
    for label in present:
        if label not in labels[:count]:
            largest = np.bincount(labels[:count]).argmax()
            out, into = np.flatnonzero(labels[:count] == largest)[-1], np.flatnonzero(labels == label)[0]
            rows[[out, into]], labels[[out, into]] = rows[[into, out]], labels[[into, out]]
    return rows
