"""How networks trained on clean digits cope with changed ones, and their answers for twenty digits.

Three digit networks of the curriculum train quickly (a minute or two each); then one small network trains twice,
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
TEST_IMAGES = 1000
"""How many test images are used."""
AUGMENTATION = [{"kind": "shift", "pixels": 4}, {"kind": "rotate", "degrees": 45}, {"kind": "zoom", "by": 0.3}]
STEPS = 1200
AUGMENTED_KINDS = ("shift", "rotate", "size", "noise", "negative")
MISTAKES = 10


def broken_digits() -> dict:
    """The fields of RecordedArrays."""
    numbers: dict[str, list] = {f"{kind}: amounts": list(amounts) for kind, amounts in AMOUNTS.items()}
    numbers |= {"attack: amounts": list(ATTACKS)}
    data, models = prepared(digit_network("dense", quick=True)), {}
    for name, network in NETWORKS.items():
        models[name] = trained(BACKEND, digit_network(network, quick=True), data)
        numbers |= accuracies(name, models[name], data, tuple(AMOUNTS))
        numbers[f"attack: {name}"] = attacked(models[name], data)
    for name, transforms in (("plain", []), ("taught", AUGMENTATION)):
        numbers |= accuracies(name, *small_network(transforms), AUGMENTED_KINDS)
    arrays, more = gallery(models, data)
    return {
        **computed_by(BACKEND),
        "experiment": digit_network("2 conv ReLU", quick=True),
        "packed": {name: packed(values) for name, values in arrays.items()},
        "numbers": numbers | more,
    }


def accuracies(name: str, model: Model, data: Prepared, kinds: tuple[str, ...]) -> dict[str, list]:
    """Accuracy in percent on the first test images under each change; per digit for rotations by 90 and 180 degrees."""
    images, labels = test_images(data), data.test.y[:TEST_IMAGES]
    result = {
        f"{kind}: {name}": [
            round(percent_correct(model, data, distorted(images, kind, amount)), 2) for amount in AMOUNTS[kind]
        ]
        for kind in kinds
    }
    for degrees in (90, 180) if name in NETWORKS else ():
        hit = logits(model, data, distorted(images, "rotate", degrees)).argmax(axis=1) == labels
        result[f"turned {degrees}: {name}"] = [
            round(100 * float(hit[labels == digit].mean()), 1) for digit in range(10)
        ]
    return result


def test_images(data: Prepared) -> np.ndarray:
    """The first test images, uint8."""
    return catalogue.load("mnist").images[data.test.rows[:TEST_IMAGES]]


def percent_correct(model: Model, data: Prepared, images: np.ndarray) -> float:
    """Accuracy in percent on the first test images, given as `images` (N, C, H, W) with grey levels from 0 to 255."""
    result = logits(model, data, images).argmax(axis=1)
    return 100 * float(np.mean(result == data.test.y[: len(result)]))


def logits(model: Model, data: Prepared, images: np.ndarray) -> np.ndarray:
    """Logits (N, classes)."""
    return model.predict(data.scaling.apply(images, "float32"))


def attacked(model: Model, data: Prepared) -> list[float]:
    """Accuracy in percent on the first test images after gradient-sign attacks on this network."""
    direction = signs(model, data.test.x[:TEST_IMAGES], data.test.y[:TEST_IMAGES], CrossEntropy())
    return [round(percent_correct(model, data, pushed(test_images(data), direction, size)), 2) for size in ATTACKS]


def small_network(transforms: list) -> tuple[Model, Prepared]:
    """The same small network, weights and steps; only the training images differ."""
    plain = small_cnn(10, "small CNN", digit_network("dense").data, steps=STEPS)
    experiment = changed(plain, **{"data.augmentation": transforms})
    data = prepared(experiment)
    return trained(BACKEND, experiment, data), data


def gallery(models: dict[str, Model], data: Prepared) -> tuple[dict[str, np.ndarray], dict[str, list]]:
    """Ten digits that all networks classify correctly, and the deepest network's most confident mistakes on clean test
    images; the answers of each network under each change (amounts, images, networks, classes)."""
    rows = np.concatenate([_all_correct(models, data), _surest_mistakes(models["relu"], data)])
    images, labels = catalogue.load("mnist").images[data.test.rows[rows]], data.test.y[rows]
    arrays = {
        f"said: {kind}": np.stack([_answers(models, data, distorted(images, kind, amount)) for amount in AMOUNTS[kind]])
        for kind in AMOUNTS
    }
    attack: list[list[np.ndarray]] = []
    for model in models.values():
        direction = signs(model, data.test.x[rows], labels, CrossEntropy())
        arrays[f"signs: {len(attack)}"] = direction[:10, 0]
        attacked_images = [pushed(images, direction, size) for size in ATTACKS]
        attack.append([softmax(logits(model, data, one)) for one in attacked_images])
    arrays["said: attack"] = np.stack(attack).transpose(1, 2, 0, 3)[:, :10]
    codes = [base64.b64encode(image.tobytes()).decode() for image in images[:, 0]]
    return arrays, {"images": codes, "truth": labels.tolist()}


def _answers(models, data, images) -> np.ndarray:
    return np.stack([softmax(logits(model, data, images)) for model in models.values()], axis=1)


def _all_correct(models, data) -> np.ndarray:
    """The first test image of each digit that every network classifies correctly."""
    x, y = data.test.x[:300], data.test.y[:300]
    correct = np.all([model.predict(x).argmax(axis=1) == y for model in models.values()], axis=0)
    return np.array([int(np.flatnonzero(correct & (y == digit))[0]) for digit in range(10)])


def _surest_mistakes(model, data) -> np.ndarray:
    probabilities = softmax(model.predict(data.test.x))
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != data.test.y)
    return wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:MISTAKES]
