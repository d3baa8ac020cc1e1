"""The boundary between core and the backends: what every backend must be able to do.

All arrays that cross it are NumPy arrays in one layout: images (N, C, H, W), kernels (out, in, kh, kw), dense weights
(out, in); flattening goes channel by channel. A backend converts to its framework's layout on its own side, and nowhere
else.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from core.arrays import Array
from core.network.network import Network
from core.recipe.training import TrainingRecipe


Weights = dict[str, Array]
"""{"conv1.weights": ..., "conv1.biases": ...} in core's layout and in the order of the layers."""
Masks = dict[str, Array]
"""One mask per dropout layer, by layer name: (S, B, *shape), True where a value is kept."""


class BackendError(RuntimeError):
    """A backend cannot do what it was asked to do; the message tells the user why, in one sentence."""


@dataclass(frozen=True)
class Device:
    """A processor that a backend can compute on."""

    id: str
    """The value of `--device`, such as "cpu", "cuda:0", "mps" or "gpu:1"."""
    name: str
    memory: int | None = None
    """In bytes; None if the framework does not report it."""


@dataclass
class Best:
    """The weights with the lowest validation loss so far, kept for early stopping."""

    weights: Weights
    epoch: int
    step: int
    loss: float
    """The validation loss."""
    restored: bool = False
    """True once training is over and the model has these weights again."""
    statistics: dict[str, Array] = field(default_factory=dict)
    """The batch-norm statistics that belong to these weights."""


@dataclass
class State:
    """All that a run needs to continue, on any backend: the weights, the optimizer's slots, the running statistics and
    the number of steps made so far."""

    weights: Weights
    slots: dict[str, Array] = field(default_factory=dict)
    """What the optimizer remembers, one array per weight and in its shape: "velocity/conv1.weights" for momentum,
    "first_moment/..." and "second_moment/..." for Adam. core/numerics/optimizers.py names the slots of every
    optimizer."""
    step: int = 0
    best: Best | None = None
    """Managed by core/training/early_stopping.py; a model neither sets nor reads it."""
    validation_losses: tuple[float, ...] = ()
    """The validation loss after each epoch so far, for core/training/reduce_on_plateau.py; a model neither sets nor
    reads it."""
    statistics: dict[str, Array] = field(default_factory=dict)
    """"norm1.running_mean" and "norm1.running_variance" of each batch-norm layer. Missing entries, like missing slots,
    start from their initial values (core/network/running_statistics.py)."""


@dataclass(frozen=True)
class Gradients:
    """The result of propagating a seed, d(anything)/d(logits), back through the network."""

    input: Array
    """In the shape of x."""
    weights: Weights
    activations: dict[str, Array]
    """By layer name: the gradient with respect to that layer's output."""


class Model(ABC):
    """A network on a device. Only `steps` and `restore` change its weights."""

    @abstractmethod
    def load(self, x: Array, y: Array, weight: Array | None = None) -> None:
        """Put the training set on the device. Called once, or at the start of every epoch if augmentation changes the
        images.

        x (N, C, H, W) has the recipe's precision, y (N,) are integer labels, weight (N,) multiplies the loss of each
        image (None: all 1). If the loss needs class priors, count them in y.
        """

    @abstractmethod
    def steps(self, order: Array, rates: Array, masks: Masks) -> Array:
        """Make S optimizer steps in one call and return the S losses.

        Step s trains on the rows order[s] of the loaded x, with learning rate rates[s] and the dropout masks
        masks[layer][s]; order is (S, B), rates (S,). The loss of a step is computed *before* the weights change: the
        batch mean (or sum) of weight * the recipe's loss (core/numerics/losses.py), plus the penalties of the current
        weights (core/numerics/penalties.py). Batch norm normalises with the statistics of each batch and updates its
        running ones.
        """

    @abstractmethod
    def predict(self, x: Array) -> Array:
        """The outputs of the last layer (N, classes): logits, or probabilities if the loss expects those.

        Dropout is off and batch norm uses its running statistics, as in `activations` and `gradients`.
        """

    @abstractmethod
    def activations(self, x: Array) -> dict[str, Array]:
        """The output of every layer by layer name, in the order of the layers. Dropout is off."""

    @abstractmethod
    def gradients(self, x: Array, seed: Array) -> Gradients:
        """One vector-Jacobian product, with dropout off: seed (N, classes) is d(anything)/d(logits)."""

    @abstractmethod
    def state(self) -> State:
        """A copy of the current state, with core's names and in core's layout."""

    @abstractmethod
    def restore(self, state: State) -> None:
        """Continue from this state, which may come from another backend."""


class Backend(ABC):
    """One framework."""

    @abstractmethod
    def devices(self) -> list[Device]:
        """The CPU first, then every accelerator that is available."""

    @abstractmethod
    def version(self) -> str:
        """The framework's version, as the framework itself reports it."""

    @abstractmethod
    def build(self, network: Network, weights: Weights, training: TrainingRecipe, device: str = "cpu") -> Model:
        """A model that starts from `weights` and computes in `training.precision`. Raises BackendError if the device is
        unknown."""
