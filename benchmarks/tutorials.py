"""The same training as in the frameworks' own tutorials: one process per framework, timed on request.

    python -m benchmarks.tutorials pytorch EXPERIMENT.json
reads one number of steps per line from stdin and answers with the seconds they took (after two steps to warm up).
"""

import sys
import time
from pathlib import Path

import numpy as np

from core.data import catalogue
from core.data.splits import split
from core.experiment import experiment as experiments
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool


def images(experiment):
    """The experiment's training images (N, C, H, W), uint8, and their labels."""
    dataset = catalogue.load(experiment.data.name)
    rows = split(dataset, experiment.data, experiment.seed)["train"]
    return dataset.images[rows], dataset.labels[rows]


def pytorch(experiment):
    """Dataset, DataLoader, nn.Sequential, Adam, loss.item(): pytorch.org's "Learn the basics"."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, Dataset

    class Images(Dataset):
        def __init__(self, x, y):
            self.x, self.y = x, y

        def __len__(self):
            return len(self.y)

        def __getitem__(self, row):
            return torch.from_numpy(self.x[row]).float() / 255, int(self.y[row])

    def layer(spec, shape):
        match spec:
            case Conv2D():
                return nn.Conv2d(shape[0], spec.filters, spec.kernel_size)
            case Activation(function="relu"):
                return nn.ReLU()
            case Pool():
                return nn.MaxPool2d(spec.window)
            case Flatten():
                return nn.Flatten()
            case Dense():
                return nn.Linear(shape[0], spec.units)

    from core.network.shapes import trace

    model = nn.Sequential(*[layer(step.layer, step.input) for step in trace(experiment.network)])
    loader = DataLoader(Images(*images(experiment)), batch_size=experiment.training.batch_size, shuffle=True)
    loss_function = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=experiment.training.optimizer.learning_rate)

    def train(steps):
        while steps:
            for x, y in loader:
                loss = loss_function(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss.item()
                steps -= 1
                if not steps:
                    return

    return train


def tensorflow(experiment):
    """keras.Sequential, compile, fit: tensorflow.org's "Quickstart for beginners"."""
    import os

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    def layer(spec):
        match spec:
            case Conv2D():
                return keras.layers.Conv2D(spec.filters, spec.kernel_size)
            case Activation(function="relu"):
                return keras.layers.ReLU()
            case Pool():
                return keras.layers.MaxPooling2D(spec.window)
            case Flatten():
                return keras.layers.Flatten()
            case Dense():
                return keras.layers.Dense(spec.units)

    channels, height, width = experiment.network.input_shape
    model = keras.Sequential([keras.Input((height, width, channels)), *map(layer, experiment.network.layers)])
    model.compile(
        optimizer=keras.optimizers.Adam(experiment.training.optimizer.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    x, y = images(experiment)
    x = x.transpose(0, 2, 3, 1).astype(np.float32) / 255
    batch = experiment.training.batch_size

    def train(steps):
        rows = np.arange(steps * batch) % len(y)
        model.fit(x[rows], y[rows], batch_size=batch, epochs=1, verbose=0)

    return train


def main(name: str, path: str) -> None:
    train = {"pytorch": pytorch, "tensorflow": tensorflow}[name](experiments.read(Path(path)))
    train(2)
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        train(int(line))
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
