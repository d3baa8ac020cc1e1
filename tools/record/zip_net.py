"""The zip-code network of 1989 on MNIST at 16 x 16: the digits it is least sure of, and its first kernels."""

from dataclasses import replace

import numpy as np

from core.data.dataset import Dataset
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.experiment import presets
from core.experiment.experiment import Experiment, changed
from core.metrics.rejection import lead
from core.training.loop import outputs
from tools.record.training import computed_by, mnist, rounded, trained


BACKEND = "pytorch"
TRAIN, TEST = 7291, 2007
CHANGES = {"training.batch_size": 10, "training.optimizer.learning_rate": 0.15}
"""The paper takes one digit per step, which is ten times slower."""
DOUBTFUL = 24


def zip_net() -> dict:
    """The fields of Measured."""
    data_set = shrunk(mnist())
    preset = presets.get("zip-net")
    recipe = DataRecipe(name="mnist", train=TRAIN, validation=0, test=TEST, scaling=preset.scaling)
    paper = Experiment(title="zip net", data=recipe, network=preset.network(), training=preset.training, seed=1)
    experiment = changed(paper, **CHANGES)
    data = prepare(data_set, recipe, 1)
    model = trained(BACKEND, experiment, data)
    test_outputs, train_outputs = outputs(model, data.test), outputs(model, data.train)
    doubt = np.argsort(lead(test_outputs), kind="stable")[:DOUBTFUL]
    what = (
        f"the zip-code network on MNIST shrunk to 16 x 16, the first {TRAIN:,} training and {TEST:,} test digits, "
        f"{preset.training.epochs} epochs, {experiment.training.batch_size} digits per step"
    )
    numbers = {
        "train_error": [float(np.mean(train_outputs.argmax(axis=1) != data.train.y))],
        "lead": rounded(lead(test_outputs)),
        "right": (test_outputs.argmax(axis=1) == data.test.y).astype(int).tolist(),
        "doubtful": data_set.images[data.test.rows[doubt], 0].tolist(),
        "doubtful_truth": data.test.y[doubt].tolist(),
        "doubtful_outputs": rounded(test_outputs[doubt], 3),
        "kernels": rounded(model.state().weights["h1.weights"][:, 0]),
    }
    return {**computed_by(BACKEND), "what": what, "experiment": experiment, "numbers": numbers}


def shrunk(data_set: Dataset) -> Dataset:
    """28 x 28 padded to 32 x 32, then the mean of each 2 x 2 window: 16 x 16."""
    framed = np.pad(data_set.images, ((0, 0), (0, 0), (2, 2), (2, 2))).reshape(-1, 1, 16, 2, 16, 2)
    images = framed.mean(axis=(3, 5)).round().astype(np.uint8)
    return replace(data_set, label="MNIST, 16x16", images=images)
