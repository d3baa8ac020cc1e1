"""Remedies against class imbalance: the fields that each changes in an experiment, and which one an experiment uses."""

from dataclasses import dataclass, field
from typing import Any

from core.experiment.experiment import Experiment, changed
from core.recipe.losses import CrossEntropy


@dataclass(frozen=True)
class Remedy:
    name: str
    label: str
    sentence: str
    fields: dict[str, Any] = field(default_factory=dict)
    """Dotted paths and values, as `changed` takes them."""


@dataclass(frozen=True)
class Numbers:
    """The adjustable parameters of the remedies."""

    deviation: float = 25.0
    """Standard deviation of the noise on copies, in grey levels."""
    shift: int = 2
    """The largest shift of a copy, in pixels."""
    degrees: float = 10.0
    """The largest rotation of a copy."""
    gamma: float = 2.0
    """Parameter of the focal loss."""
    tau: float = 1.0
    """Parameter of logit adjustment."""
    times: int | None = None
    """How often an image may be repeated; None: until its class is as large as the largest."""


PLAIN = {
    "data.balance": {"kind": "none"},
    "training.class_weights": {"kind": "equal"},
    "training.order": "shuffled",
    "training.loss": {"kind": "cross_entropy"},
}
"""An experiment without any remedy."""


def remedies(numbers: Numbers = Numbers()) -> dict[str, Remedy]:
    """By name, "none" first."""
    moves = [{"kind": "shift", "pixels": numbers.shift}, {"kind": "rotate", "degrees": numbers.degrees}]
    several = [
        Remedy("none", "None", "The original training images: the baseline for the other remedies."),
        Remedy(
            "undersample",
            "Undersample",
            "Keeps as many images of each class as the rarest class has: balanced, but most of the data is unused.",
            _balance("undersample"),
        ),
        Remedy(
            "oversample",
            "Oversample",
            "Repeats rare images until all classes are the same size. Repeating ten times is like a weight of ten.",
            _balance("oversample", times=numbers.times),
        ),
        Remedy(
            "class-weights",
            "Class weights",
            "An image of class k counts N / (K nₖ) times in the loss: no image is lost, and none is repeated.",
            {"training.class_weights": {"kind": "balanced"}},
        ),
        Remedy(
            "noisy-copies",
            "Noisy copies",
            "Oversampling with different noise on every copy, so that the images are harder to memorise.",
            _balance("noisy_copies", times=numbers.times, deviation=numbers.deviation),
        ),
        Remedy(
            "transformed-copies",
            "Shifted and rotated copies",
            "Oversampling with a small shift and rotation of every copy: new examples of what the class can look like.",
            _balance("transformed_copies", times=numbers.times, transforms=moves),
        ),
        Remedy(
            "balanced-batches",
            "Balanced batches",
            "Every batch contains all classes equally often: rare images return sooner, and the data does not change.",
            {"training.order": "balanced"},
        ),
        Remedy(
            "focal",
            "Focal loss",
            "Images that the network is already sure of count less; it is sure of the common classes first.",
            {"training.loss": {"kind": "focal", "gamma": numbers.gamma}},
        ),
        Remedy(
            "logit-adjustment",
            "Logit adjustment",
            "Training adds tau times the log of the class's share to each logit: a rare class needs a larger lead.",
            {"training.loss": {"kind": "logit_adjusted", "tau": numbers.tau}},
        ),
    ]
    return {remedy.name: remedy for remedy in several}


def replaced_loss(experiment: Experiment) -> str:
    """The JSON name of the loss that every remedy replaces by cross-entropy (or its own loss); "" if the experiment
    already uses plain cross-entropy."""
    loss = experiment.training.loss
    return "" if loss == CrossEntropy() else loss.kind


def remedied(experiment: Experiment, remedy: Remedy) -> Experiment:
    """A copy with this remedy and no other. Raises ExperimentError."""
    return changed(experiment, **(PLAIN | remedy.fields))


def remedy_of(experiment: Experiment) -> str | None:
    """The name of its remedy, whatever the parameters; None for a combination or one that is not in the list."""
    training = experiment.training
    return _BY_KINDS.get(
        (experiment.data.balance.kind, training.class_weights.kind, training.order, training.loss.kind)
    )


def _kinds(remedy: Remedy) -> tuple[str, ...]:
    fields = PLAIN | remedy.fields
    return tuple(value["kind"] if isinstance(value, dict) else value for value in fields.values())


def _balance(kind: str, **numbers: Any) -> dict[str, Any]:
    return {"data.balance": {"kind": kind, **numbers}}


_BY_KINDS = {_kinds(remedy): remedy.name for remedy in remedies().values()}
