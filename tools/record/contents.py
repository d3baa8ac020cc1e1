"""All recordings by name: the kind of file, one sentence on its contents, and the function that computes it."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.demos.images.pixel_statistics import PixelStatistics
from core.recordings.arrays import RecordedArrays
from core.recordings.evaluation import Judged
from core.recordings.network import NetworkCard
from core.recordings.recording import FOLDER
from core.recordings.run import Recorded
from core.recordings.tables import Measured
from core.spec import Spec
from tools.record import (
    broken_digits,
    by_hand,
    dense_nets,
    evaluations,
    inside,
    networks,
    pixel_statistics,
    rare_eight,
    resampling,
    runs,
    search,
    shuffled_pixels,
    throughput,
    transfer,
    zip_net,
)


PLACES: dict[type[Spec], Path] = {
    Recorded: FOLDER,
    RecordedArrays: FOLDER / "arrays",
    Judged: FOLDER / "judgements",
    Measured: FOLDER / "measured",
    PixelStatistics: FOLDER / "pixels",
    NetworkCard: networks.NETWORKS,
}
"""The folder of each kind of recording."""


@dataclass(frozen=True)
class Entry:
    kind: type[Spec]
    sentence: str
    make: Callable[[], dict]
    """Computes the fields of `kind`, except those that the writer adds."""
    stem: str = ""
    """Of the file, if it differs from the name."""


def _runs() -> dict[str, Entry]:
    recipes = sorted((FOLDER / "recipes").glob("*.toml"))
    return {path.stem: Entry(Recorded, _sentence(path), partial(runs.run, path)) for path in recipes}


def _evaluations() -> dict[str, Entry]:
    recipes = sorted(PLACES[Judged].glob("*.toml"))
    return {path.stem: Entry(Judged, _sentence(path), partial(evaluations.evaluation, path)) for path in recipes}


def _sentence(recipe: Path) -> str:
    """The comment on the recipe's first line, or the network and the data."""
    text = recipe.read_text(encoding="utf-8")
    if text.startswith("#"):
        return text.splitlines()[0].removeprefix("# ")
    fields = tomllib.loads(text)
    return f"{fields['preset']} on {fields['data']}."


CONTENTS: dict[str, Entry] = {
    **_runs(),
    **_evaluations(),
    **{
        name: Entry(
            NetworkCard, f"{experiment.title}, to look inside.", partial(networks.network, name), f"{name}/card"
        )
        for name, experiment in networks.EXPERIMENTS.items()
    },
    "weight-images": Entry(
        RecordedArrays,
        "784-10 without a hidden layer: its weights after a number of steps, and the class means.",
        dense_nets.weight_images,
    ),
    "activation-patterns": Entry(
        RecordedArrays,
        "784-16-12-10: the activations of every unit for twenty test digits.",
        dense_nets.activation_patterns,
    ),
    "shuffled-pixels": Entry(
        RecordedArrays,
        "A dense and a convolutional network on digits whose pixels are all shuffled by the same permutation.",
        shuffled_pixels.shuffled_pixels,
    ),
    "inside-training": Entry(
        RecordedArrays,
        "A small convolutional network: its weights after a number of steps, and its accuracy.",
        inside.training,
    ),
    "inside-maps": Entry(
        RecordedArrays,
        "The same network: the feature maps of every layer for ten test digits, and the pixels its answers depend on.",
        inside.maps,
    ),
    "inside-patches": Entry(
        RecordedArrays,
        "The same network: the patches of test digits that excite each filter most, and an image made to excite it.",
        inside.patches,
    ),
    "inside-dreams": Entry(
        RecordedArrays,
        "The same network: images made to excite each of the ten outputs, with and without decay and blur.",
        inside.dreams,
    ),
    "broken-digits": Entry(
        RecordedArrays,
        "Networks trained on clean digits, tested on changed ones.",
        broken_digits.broken_digits,
    ),
    "rare-eight": Entry(Measured, "Six remedies for a rare digit, three seeds each.", rare_eight.rare_eight),
    "zip-net": Entry(
        Measured, "The zip-code network of 1989 on digits of 16 x 16, and those it is least sure of.", zip_net.zip_net
    ),
    "transfer": Entry(
        Measured, "Features learned from the digits 0 to 4, used on few digits from 5 to 9.", transfer.transfer
    ),
    "by-hand": Entry(
        Measured, "Logistic regression on pixels and on edge histograms, and a small CNN.", by_hand.by_hand
    ),
    "resampling": Entry(Measured, "Under- and oversampling of two clouds of points.", resampling.resampling),
    "search": Entry(Measured, "Learning rates and batch sizes, compared by cross-validation.", search.search),
    "throughput": Entry(
        Measured, "Images per second of each backend, on the CPU and on every accelerator here.", throughput.throughput
    ),
    "pixels": Entry(
        PixelStatistics,
        "Mean, standard deviation and largest value of every pixel of MNIST.",
        pixel_statistics.pixels,
        stem="mnist",
    ),
}


def path(name: str) -> Path:
    """The path of the file."""
    entry = CONTENTS[name]
    return PLACES[entry.kind] / f"{entry.stem or name}.json"
