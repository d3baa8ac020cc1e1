"""Nielsen's network3 (2015, `network3.py`) to the letter: what it does otherwise than most, and all of it at one stroke."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from core.experiment.experiment import Experiment
from core.network.blocks import Branches, Residual, Row, every_layer
from core.network.initializers import Normal, OneOverOut, Zeros
from core.network.layers import Activation, Conv2D, Dense, Dropout, LocallyConnected, Pool
from core.network.network import Network


WITH_WEIGHTS = Dense | Conv2D | LocallyConnected


@dataclass(frozen=True)
class Item:
    """One of its ways, and how an experiment is given it."""

    label: str
    sentence: str
    give: Callable[[Experiment], Experiment]

    def holds(self, experiment: Experiment) -> bool:
        return self.give(experiment) == experiment


def faithful(experiment: Experiment) -> Experiment:
    """With all of its ways. Layers keep their names and sizes, the optimizer and the penalties their numbers."""
    for item in ITEMS:
        experiment = item.give(experiment)
    return experiment


def _start(experiment: Experiment) -> Experiment:
    hidden = {layer.name for layer in _before_the_last(experiment) if isinstance(layer, WITH_WEIGHTS | Residual)}

    def give(row: Row) -> Row:
        return tuple(
            layer.model_copy(update=_drawn(layer, row[index + 1 :])) if layer.name in hidden else layer
            for index, layer in enumerate(row)
        )

    return _with_rows(experiment, give)


def _drawn(layer, following: Row) -> dict:
    """Where its weights start; a block's own are those of its 1x1 convolution, if it has one."""
    if isinstance(layer, Residual) and layer.shortcut == "identity":
        return {}
    return {"weights": OneOverOut(pool_area=_pool_area(following)), "biases": Normal(std=1)}


def _pool_area(following: Row) -> int:
    """Cells of the pooling window that comes next, at most an activation later; 1 where none does."""
    after = [layer for layer in following[:2] if not isinstance(layer, Activation)][:1]
    return prod(after[0].window) if after and isinstance(after[0], Pool) else 1


def _zero_output(experiment: Experiment) -> Experiment:
    last = len(_before_the_last(experiment))
    names = [layer.name for layer in every_layer(experiment.network.layers)][last : last + 1]
    zeros = {"weights": Zeros(), "biases": Zeros()}
    return _with_rows(experiment, _each(lambda it: it.name in names and isinstance(it, WITH_WEIGHTS), zeros))


def _sigmoid(experiment: Experiment) -> Experiment:
    hidden = {layer.name for layer in _before_the_last(experiment) if isinstance(layer, Activation)}
    return _with_rows(experiment, _each(lambda it: it.name in hidden, {"function": "sigmoid"}))


def _activation_after_pool(experiment: Experiment) -> Experiment:
    """The bias of a map may stay before a max or average pool: it is the same for every cell of the window."""

    def give(row: Row) -> Row:
        layers = list(row)
        for index in range(2, len(layers)):
            match layers[index - 2 : index + 1]:
                case [Conv2D() | LocallyConnected(), Activation() as activation, Pool(mode="max" | "average") as pool]:
                    layers[index - 1 : index + 1] = pool, activation
        return tuple(layers)

    return _with_rows(experiment, give)


def _classic_dropout(experiment: Experiment) -> Experiment:
    return _with_rows(experiment, _each(lambda it: isinstance(it, Dropout), {"mode": "classic"}))


def _before_the_last(experiment: Experiment) -> list:
    """All layers, also within blocks, up to the last one with weights: the softmax layer."""
    layers = list(every_layer(experiment.network.layers))
    return layers[: max((index for index, it in enumerate(layers) if isinstance(it, WITH_WEIGHTS)), default=0)]


def _each(chosen: Callable[[Any], bool], fields: dict) -> Callable[[Row], Row]:
    return lambda row: tuple(layer.model_copy(update=fields) if chosen(layer) else layer for layer in row)


def _with_rows(experiment: Experiment, give: Callable[[Row], Row]) -> Experiment:
    """`give` is asked for each row of layers, those within blocks, too."""

    def within(layer):
        match layer:
            case Residual(layers=row):
                return layer.model_copy(update={"layers": anew(row)})
            case Branches(rows=rows):
                return layer.model_copy(update={"rows": tuple(map(anew, rows))})
        return layer

    def anew(row: Row) -> Row:
        return give(tuple(map(within, row)))

    network = Network(input_shape=experiment.network.input_shape, layers=anew(experiment.network.layers))
    return experiment.model_copy(update={"network": network})


def _with_recipe(**fields) -> Callable[[Experiment], Experiment]:
    def give(experiment: Experiment) -> Experiment:
        return experiment.model_copy(update={"training": experiment.training.model_copy(update=fields)})

    return give


def _over_batches(experiment: Experiment) -> Experiment:
    return _with_recipe(penalties=experiment.training.penalties.model_copy(update={"over_batches": True}))(experiment)


ITEMS = (
    Item(
        "First weights",
        "Hidden layers: weights from N(0, 1/n_out), where a convolution has n_out = maps * kernel cells / pool cells; "
        "biases from N(0, 1).",
        _start,
    ),
    Item("Sigmoid", "Every hidden activation is one; only the last steps of its ladder took ReLU.", _sigmoid),
    Item("Last layer", "All its weights and biases are zero: every class starts equally likely.", _zero_output),
    Item(
        "Order in a block",
        "Convolution, pool, then the activation: fewer numbers go through it.",
        _activation_after_pool,
    ),
    Item("Dropout", "Classic: a mask on a layer's input; when it is off, times 1 - share.", _classic_dropout),
    Item("Batch order", "The rows' own order in every epoch, nothing is shuffled.", _with_recipe(order="fixed")),
    Item("Last batch", "Rows that do not fill a batch are left out.", _with_recipe(drop_last=True)),
    Item("L2", "lambda / 2 * sum of w^2, divided by the number of batches; biases are free.", _over_batches),
    Item(
        "What is reported",
        "The test accuracy after the epoch with the best validation accuracy.",
        _with_recipe(test_at_best=True),
    ),
)
