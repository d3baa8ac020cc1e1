"""The boundary: what a backend must do. Arrays in and out are NumPy, images (N, C, H, W), kernels (out, in, kh, kw),
dense weights (out, in), flattening channel-major. A backend converts at its own door and nowhere else."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from core.arrays import Array
from core.network.network import Network
from core.recipe.training import TrainingRecipe


Weights = dict[str, Array]
"""{"conv1.weights": ..., "conv1.biases": ...} in core's layout, in the order of the layers."""
Masks = dict[str, Array]
"""For each dropout layer by name: True where a number is kept, (S, B, *shape)."""


class BackendError(RuntimeError):
    """What a backend cannot do, in one sentence for the user."""


@dataclass(frozen=True)
class Device:
    """Where a backend computes. `id` is what `--device` takes: "cpu", "cuda:0", "mps", "gpu:1"."""

    id: str
    name: str
    memory: int | None = None
    """Bytes, where the framework tells."""


@dataclass
class Best:
    """The weights that did best on the validation part so far, where early stopping watches."""

    weights: Weights
    epoch: int
    step: int
    loss: float
    """Of the validation part."""
    restored: bool = False
    """They are the run's weights again: training is over."""
    statistics: dict[str, Array] = field(default_factory=dict)
    """That belong to these weights."""


@dataclass
class State:
    """All that a run needs to go on, in any backend: weights, optimizer slots, running statistics and how many steps
    were made."""

    weights: Weights
    slots: dict[str, Array] = field(default_factory=dict)
    """"velocity/conv1.weights" (momentum), "first_moment/..." and "second_moment/..." (Adam); each like its weight.
    core/numerics/optimizers.py has the names for every optimizer."""
    step: int = 0
    best: Best | None = None
    """Kept by core/training/early_stopping.py; a model neither gives nor takes it."""
    validation_losses: tuple[float, ...] = ()
    """The validation loss after each epoch so far, for core/training/reduce_on_plateau.py; a model neither gives nor takes it."""
    statistics: dict[str, Array] = field(default_factory=dict)
    """"norm1.running_mean" and "norm1.running_variance" of each batch norm. As with slots, what is missing starts anew
    (core/network/running_statistics.py)."""


@dataclass(frozen=True)
class Gradients:
    """A seed, d(anything)/d(logits), pulled back through the network."""

    input: Array
    """Like x."""
    weights: Weights
    activations: dict[str, Array]
    """By layer name: with respect to that layer's output."""


class Model(ABC):
    """A network on a device. Reading never changes it; only `steps` and `restore` do."""

    @abstractmethod
    def load(self, x: Array, y: Array, weight: Array | None = None) -> None:
        """Put the training set on the device: once, or at each epoch's start where augmentation draws it anew. x
        (N, C, H, W) in the recipe's precision, y (N,) integers, weight (N,) factors of the loss (None: all 1). Where the
        loss asks for it, class priors are counted from y."""

    @abstractmethod
    def steps(self, order: Array, rates: Array, masks: Masks) -> Array:
        """S optimizer steps in one call: order (S, B) rows of the loaded x, rates (S,), masks by dropout layer.
        Returns the S losses, each taken *before* its step: the batch mean (or sum) of weight * the recipe's loss
        (core/numerics/losses.py), and its penalties (core/numerics/penalties.py) of the weights as they are. Batch norm takes
        the statistics of each batch and moves its running ones."""

    @abstractmethod
    def predict(self, x: Array) -> Array:
        """The last layer's outputs (N, classes): logits, unless the loss takes them otherwise. Dropout is off, and batch
        norm takes its running statistics (so in all that reads)."""

    @abstractmethod
    def activations(self, x: Array) -> dict[str, Array]:
        """Each layer's output by name, in order, dropout off."""

    @abstractmethod
    def gradients(self, x: Array, seed: Array) -> Gradients:
        """One vector-Jacobian product, dropout off: seed (N, classes) = d(anything)/d(logits)."""

    @abstractmethod
    def state(self) -> State:
        """A copy, under core's names and in core's layout."""

    @abstractmethod
    def restore(self, state: State) -> None:
        """Go on from a state, also from another backend's."""


class Backend(ABC):
    """One framework."""

    @abstractmethod
    def devices(self) -> list[Device]:
        """The CPU first, then every accelerator found."""

    @abstractmethod
    def version(self) -> str:
        """Of the framework, as it calls itself."""

    @abstractmethod
    def build(self, network: Network, weights: Weights, training: TrainingRecipe, device: str = "cpu") -> Model:
        """A model that starts from `weights` in `training.precision`. Raises BackendError for an unknown device."""
