"""How Nielsen's network3 (2015, `network3.py`) differs from common practice, item by item or all together."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from core.experiment.experiment import Experiment
from core.network.blocks import Branches, Layer, Residual, Row, every_layer
from core.network.initializers import Normal, OneOverOut, Zeros
from core.network.layers import Activation, Conv2D, Dense, Dropout, LocallyConnected, Pool
from core.network.network import Network


WITH_WEIGHTS = Dense | Conv2D | LocallyConnected


@dataclass(frozen=True)
class Item:
    """One difference, and the function that applies it to an experiment."""

    label: str
    sentence: str
    give: Callable[[Experiment], Experiment]

    def holds(self, experiment: Experiment) -> bool:
        """Whether the experiment already does it this way."""
        return self.give(experiment) == experiment


def faithful(experiment: Experiment) -> Experiment:
    """A copy with all differences applied. Layers keep their names and sizes; the optimizer and the penalties keep
    their values."""
    for item in ITEMS:
        experiment = item.give(experiment)
    return experiment


def _initial_weights(experiment: Experiment) -> Experiment:
    hidden = {layer.name for layer in _before_the_last(experiment) if isinstance(layer, WITH_WEIGHTS | Residual)}

    def change(row: Row) -> Row:
        return tuple(
            layer.model_copy(update=_initial(layer, row[index + 1 :])) if layer.name in hidden else layer
            for index, layer in enumerate(row)
        )

    return _with_rows(experiment, change)


def _initial(layer: Layer, following: Row) -> dict[str, Any]:
    """The initial weights of a layer, or of a block's 1x1 shortcut if it has one."""
    if isinstance(layer, Residual) and layer.shortcut == "identity":
        return {}
    return {"weights": OneOverOut(pool_area=_pool_area(following)), "biases": Normal(std=1)}


def _pool_area(following: Row) -> int:
    """The cells of the next pooling window, at most one activation later; 1 if there is none."""
    after = [layer for layer in following[:2] if not isinstance(layer, Activation)][:1]
    return prod(after[0].window) if after and isinstance(after[0], Pool) else 1


def _zero_output(experiment: Experiment) -> Experiment:
    last = len(_before_the_last(experiment))
    names = [layer.name for layer in every_layer(experiment.network.layers)][last : last + 1]
    zeros = {"weights": Zeros(), "biases": Zeros()}
    return _with_rows(experiment, _update_each(lambda it: it.name in names and isinstance(it, WITH_WEIGHTS), zeros))


def _sigmoid(experiment: Experiment) -> Experiment:
    hidden = {layer.name for layer in _before_the_last(experiment) if isinstance(layer, Activation)}
    return _with_rows(experiment, _update_each(lambda it: it.name in hidden, {"function": "sigmoid"}))


def _activation_after_pool(experiment: Experiment) -> Experiment:
    """A bias per channel may stay before a max or average pool: it is the same for every cell of the window."""

    def change(row: Row) -> Row:
        layers = list(row)
        for index in range(2, len(layers)):
            match layers[index - 2 : index + 1]:
                case [Conv2D() | LocallyConnected(), Activation() as activation, Pool(mode="max" | "average") as pool]:
                    layers[index - 1 : index + 1] = pool, activation
        return tuple(layers)

    return _with_rows(experiment, change)


def _classic_dropout(experiment: Experiment) -> Experiment:
    return _with_rows(experiment, _update_each(lambda it: isinstance(it, Dropout), {"mode": "classic"}))


def _before_the_last(experiment: Experiment) -> list[Layer]:
    """All layers, including those inside blocks, before the last one with weights: the softmax layer."""
    layers = list(every_layer(experiment.network.layers))
    return layers[: max((index for index, it in enumerate(layers) if isinstance(it, WITH_WEIGHTS)), default=0)]


def _update_each(condition: Callable[[Layer], bool], fields: dict[str, Any]) -> Callable[[Row], Row]:
    return lambda row: tuple(layer.model_copy(update=fields) if condition(layer) else layer for layer in row)


def _with_rows(experiment: Experiment, change: Callable[[Row], Row]) -> Experiment:
    """A copy in which `change` was applied to each row of layers, including those inside blocks."""

    def change_inside(layer: Layer) -> Layer:
        match layer:
            case Residual(layers=row):
                return layer.model_copy(update={"layers": changed_row(row)})
            case Branches(rows=rows):
                return layer.model_copy(update={"rows": tuple(map(changed_row, rows))})
        return layer

    def changed_row(row: Row) -> Row:
        return change(tuple(map(change_inside, row)))

    network = Network(input_shape=experiment.network.input_shape, layers=changed_row(experiment.network.layers))
    return experiment.model_copy(update={"network": network})


def _with_recipe(**fields: Any) -> Callable[[Experiment], Experiment]:
    def change(experiment: Experiment) -> Experiment:
        return experiment.model_copy(update={"training": experiment.training.model_copy(update=fields)})

    return change


def _over_batches(experiment: Experiment) -> Experiment:
    return _with_recipe(penalties=experiment.training.penalties.model_copy(update={"over_batches": True}))(experiment)


ITEMS = (
    Item(
        "Initial weights",
        "Hidden layers: weights from N(0, 1/n_out), where a convolution has n_out = filters * kernel cells / pool "
        "cells; biases from N(0, 1).",
        _initial_weights,
    ),
    Item("Sigmoid", "Every hidden activation is a sigmoid; only Nielsen's last experiments used ReLU.", _sigmoid),
    Item("Last layer", "All weights and biases start at zero, so every class is equally likely.", _zero_output),
    Item(
        "Order in a block",
        "Convolution, pool, activation: fewer numbers go through the activation.",
        _activation_after_pool,
    ),
    Item(
        "Dropout",
        "Classic: a mask on a layer's input in training; in evaluation the input is multiplied by 1 - rate.",
        _classic_dropout,
    ),
    Item("Batch order", "The same order in every epoch; nothing is shuffled.", _with_recipe(order="fixed")),
    Item("Last batch", "Images that do not fill a batch are left out.", _with_recipe(drop_last=True)),
    Item("L2", "lambda / 2 * sum of w^2, divided by the number of batches; biases are not penalised.", _over_batches),
    Item(
        "Reported accuracy",
        "The test accuracy after the epoch with the best validation accuracy.",
        _with_recipe(test_at_best=True),
    ),
)
