"""How networks trained on clean digits do on changed ones, and what they answer for twenty of them.

Three of the curriculum's digit networks, trained quickly (a minute or two each); then one small network trains twice,
without and with augmentation.
"""

import base64

import numpy as np

from core.backend import Model
from core.data import catalogue
from core.data.preparation.corruptions import distorted, pushed
from core.data.prepared import Prepared
from core.experiment.curriculum import digit_network, small_cnn
from core.experiment.experiment import changed
from core.metrics.robustness import signs
from core.numerics.losses import softmax
from core.recipe.losses import CrossEntropy
from core.recordings.arrays import packed
from tools.record.training import computed_by, prepared, trained


BACKEND = "tensorflow"
NETWORKS = {"dense": "dense", "conv": "conv20", "relu": "2 conv ReLU"}
AMOUNTS = {
    "shift": (0, 1, 2, 3, 4, 6),
    "rotate": (0, 10, 20, 30, 45, 60, 90, 135, 180),
    "size": (0.5, 0.7, 0.85, 1, 1.15, 1.3, 1.5),
    "ink": (1, 0.587, 0.299, 0.114),
    "noise": (0, 0.1, 0.2, 0.3, 0.5, 0.7),
    "salt": (0, 0.05, 0.1, 0.2, 0.4),
    "negative": (0, 0.25, 0.5, 0.75, 1),
    "frame": (0, 0.2, 0.5, 1),
}
ATTACKS = (0, 0.02, 0.05, 0.1, 0.2)
SEEN = 1000
"""Test images."""
AUGMENTATION = [{"kind": "shift", "pixels": 4}, {"kind": "rotate", "degrees": 45}, {"kind": "zoom", "by": 0.3}]
STEPS = 1200
TAUGHT = ("shift", "rotate", "size", "noise", "negative")
MISTAKES = 10


def broken_digits() -> dict:
    """The fields of RecordedArrays."""
    numbers: dict[str, list] = {f"{kind}: amounts": list(amounts) for kind, amounts in AMOUNTS.items()}
    numbers |= {"attack: amounts": list(ATTACKS)}
    data, models = prepared(digit_network("dense", quick=True)), {}
    for name, network in NETWORKS.items():
        models[name] = trained(BACKEND, digit_network(network, quick=True), data)
        numbers |= judged(name, models[name], data, tuple(AMOUNTS))
        numbers[f"attack: {name}"] = aimed(models[name], data)
    for name, transforms in (("plain", []), ("taught", AUGMENTATION)):
        numbers |= judged(name, *small(transforms), TAUGHT)
    arrays, more = gallery(models, data)
    return {
        **computed_by(BACKEND),
        "experiment": digit_network("2 conv ReLU", quick=True),
        "packed": {name: packed(values) for name, values in arrays.items()},
        "numbers": numbers | more,
    }


def judged(name: str, model: Model, data: Prepared, kinds: tuple[str, ...]) -> dict[str, list]:
    """Percent right of the first test images under each change; of each digit, where they are turned."""
    images, labels = tested(data), data.test.y[:SEEN]
    result = {
        f"{kind}: {name}": [round(right(model, data, distorted(images, kind, amount)), 2) for amount in AMOUNTS[kind]]
        for kind in kinds
    }
    for degrees in (90, 180) if name in NETWORKS else ():
        hit = said(model, data, distorted(images, "rotate", degrees)).argmax(axis=1) == labels
        result[f"turned {degrees}: {name}"] = [
            round(100 * float(hit[labels == digit].mean()), 1) for digit in range(10)
        ]
    return result


def tested(data: Prepared) -> np.ndarray:
    """The first test images, uint8."""
    return catalogue.load("mnist").images[data.test.rows[:SEEN]]


def right(model: Model, data: Prepared, images: np.ndarray) -> float:
    """Percent of `images` (N, C, H, W), grey levels from 0 to 255, that are told rightly."""
    result = said(model, data, images).argmax(axis=1)
    return 100 * float(np.mean(result == data.test.y[: len(result)]))


def said(model: Model, data: Prepared, images: np.ndarray) -> np.ndarray:
    """Logits (N, classes)."""
    return model.predict(data.scaling.apply(images, "float32"))


def aimed(model: Model, data: Prepared) -> list[float]:
    """Percent right of the first test images, each pixel moved against this network."""
    direction = signs(model, data.test.x[:SEEN], data.test.y[:SEEN], CrossEntropy())
    return [round(right(model, data, pushed(tested(data), direction, size)), 2) for size in ATTACKS]


def small(transforms: list) -> tuple[Model, Prepared]:
    """The same small network, weights and steps; only the training images differ."""
    plain = small_cnn(10, "small CNN", digit_network("dense").data, steps=STEPS)
    experiment = changed(plain, **{"data.augmentation": transforms})
    data = prepared(experiment)
    return trained(BACKEND, experiment, data), data


def gallery(models: dict[str, Model], data: Prepared) -> tuple[dict[str, np.ndarray], dict[str, list]]:
    """Ten digits that all networks read rightly, and the mistakes on clean test images of which the deepest network is
    surest; what each network says of them under each change (amounts, images, networks, classes)."""
    rows = np.concatenate([_all_right(models, data), _surest_mistakes(models["relu"], data)])
    images, labels = catalogue.load("mnist").images[data.test.rows[rows]], data.test.y[rows]
    arrays = {
        f"said: {kind}": np.stack([_answers(models, data, distorted(images, kind, amount)) for amount in AMOUNTS[kind]])
        for kind in AMOUNTS
    }
    attack = []
    for model in models.values():
        direction = signs(model, data.test.x[rows], labels, CrossEntropy())
        arrays[f"signs: {len(attack)}"] = direction[:10, 0]
        spoilt = [pushed(images, direction, size) for size in ATTACKS]
        attack.append([softmax(said(model, data, one)) for one in spoilt])
    arrays["said: attack"] = np.stack(attack).transpose(1, 2, 0, 3)[:, :10]
    codes = [base64.b64encode(image.tobytes()).decode() for image in images[:, 0]]
    return arrays, {"images": codes, "truth": labels.tolist()}


def _answers(models, data, images) -> np.ndarray:
    return np.stack([softmax(said(model, data, images)) for model in models.values()], axis=1)


def _all_right(models, data) -> np.ndarray:
    """The first test image of each digit that every network reads rightly."""
    x, y = data.test.x[:300], data.test.y[:300]
    agreed = np.all([model.predict(x).argmax(axis=1) == y for model in models.values()], axis=0)
    return np.array([int(np.flatnonzero(agreed & (y == digit))[0]) for digit in range(10)])


def _surest_mistakes(model, data) -> np.ndarray:
    sure = softmax(model.predict(data.test.x))
    wrong = np.flatnonzero(sure.argmax(axis=1) != data.test.y)
    return wrong[np.argsort(-sure[wrong].max(axis=1), kind="stable")][:MISTAKES]
