"""Nielsen's network3 (2015, `network3.py`) to the letter: what it does otherwise than most, and all of it at one stroke."""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod

from core.experiment import Experiment
from core.network.initials import Normal, OneOverOut, Zeros
from core.network.layers import Activation, Conv2D, Dense, Dropout, Pool
from core.network.network import Network


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
    layers = list(experiment.network.layers)
    hidden = [place for place, layer in enumerate(layers) if isinstance(layer, Dense | Conv2D)][:-1]
    for place in hidden:
        drawn = OneOverOut(pool_area=_pool_area(layers[place + 1 :]))
        layers[place] = layers[place].model_copy(update={"weights": drawn, "biases": Normal(std=1)})
    return _with_layers(experiment, layers)


def _pool_area(following: list) -> int:
    """Cells of the pooling window that comes next, at most an activation later; 1 where none does."""
    after = [layer for layer in following[:2] if not isinstance(layer, Activation)][:1]
    return prod(after[0].window) if after and isinstance(after[0], Pool) else 1


def _zero_output(experiment: Experiment) -> Experiment:
    layers = list(experiment.network.layers)
    last = max((place for place, layer in enumerate(layers) if isinstance(layer, Dense | Conv2D)), default=None)
    if last is not None:
        layers[last] = layers[last].model_copy(update={"weights": Zeros(), "biases": Zeros()})
    return _with_layers(experiment, layers)


def _activation_after_pool(experiment: Experiment) -> Experiment:
    """The bias of a map may stay before a max or average pool: it is the same for every cell of the window."""
    layers = list(experiment.network.layers)
    for place in range(2, len(layers)):
        match layers[place - 2 : place + 1]:
            case [Conv2D(), Activation() as activation, Pool(how="max" | "average") as pool]:
                layers[place - 1 : place + 1] = pool, activation
    return _with_layers(experiment, layers)


def _classic_dropout(experiment: Experiment) -> Experiment:
    layers = experiment.network.layers
    classic = [it.model_copy(update={"how": "classic"}) if isinstance(it, Dropout) else it for it in layers]
    return _with_layers(experiment, classic)


def _with_layers(experiment: Experiment, layers: list) -> Experiment:
    network = Network(input_shape=experiment.network.input_shape, layers=tuple(layers))
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
