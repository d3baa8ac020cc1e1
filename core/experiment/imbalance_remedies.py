"""Remedies against imbalance, each as what it changes in an experiment; and which one an experiment has."""

from dataclasses import dataclass, field

from core.experiment.experiment import Experiment, changed
from core.recipe.losses import CrossEntropy


@dataclass(frozen=True)
class Remedy:
    name: str
    label: str
    sentence: str
    fields: dict = field(default_factory=dict)
    """As `changed` takes them."""


@dataclass(frozen=True)
class Numbers:
    """What can be chosen about the remedies."""

    deviation: float = 25.0
    """Of the noise on copies, in grey levels."""
    shift: int = 2
    """At most so many pixels."""
    degrees: float = 10.0
    gamma: float = 2.0
    """Of the focal loss."""
    tau: float = 1.0
    """Of logit adjustment."""
    times: int | None = None
    """A rare image comes at most so often; None: until its class is as large as the largest."""


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
        Remedy("none", "None", "The training images as they are: what the others are compared with."),
        Remedy(
            "undersample",
            "Undersample",
            "Of every class only as many images as the rarest has. Balanced, and most of the data is thrown away.",
            _balance("undersample"),
        ),
        Remedy(
            "oversample",
            "Oversample",
            "Rare images are repeated until all classes are equally large. Repeating ten times is a weight of ten.",
            _balance("oversample", times=numbers.times),
        ),
        Remedy(
            "class-weights",
            "Class weights",
            "An image of class k counts N / (K nₖ) times in the loss: no image is lost, none comes twice.",
            {"training.class_weights": {"kind": "balanced"}},
        ),
        Remedy(
            "noisy-copies",
            "Noisy copies",
            "Oversampling, but every copy gets noise of its own, so that it is not learnt by heart as easily.",
            _balance("noisy_copies", times=numbers.times, deviation=numbers.deviation),
        ),
        Remedy(
            "transformed-copies",
            "Shifted and turned copies",
            "Oversampling, but every copy is moved a little: new images of what the class can look like.",
            _balance("transformed_copies", times=numbers.times, transforms=moves),
        ),
        Remedy(
            "balanced-batches",
            "Balanced batches",
            "Every batch has every class equally often: rare images come again sooner, the data stays as it is.",
            {"training.order": "balanced"},
        ),
        Remedy(
            "focal",
            "Focal loss",
            "What the network is already sure of counts less, and the common classes are what it is sure of first.",
            {"training.loss": {"kind": "focal", "gamma": numbers.gamma}},
        ),
        Remedy(
            "logit-adjustment",
            "Logit adjustment",
            "In training every logit gets tau times the logarithm of its class's share: a rare class must be ahead by more.",
            {"training.loss": {"kind": "logit_adjusted", "tau": numbers.tau}},
        ),
    ]
    return {remedy.name: remedy for remedy in several}


def replaced_loss(experiment: Experiment) -> str:
    """The loss that every remedy puts cross-entropy (or its own) in place of, as JSON names it; "" where it is that
    cross-entropy already."""
    loss = experiment.training.loss
    return "" if loss == CrossEntropy() else loss.kind


def remedied(experiment: Experiment, remedy: Remedy) -> Experiment:
    """With this remedy, and no other. Raises ExperimentError."""
    return changed(experiment, **(PLAIN | remedy.fields))


def remedy_of(experiment: Experiment) -> str | None:
    """The name of its remedy, whatever its numbers; None for several at once, or one that is not in the list."""
    training = experiment.training
    return _BY_KINDS.get(
        (experiment.data.balance.kind, training.class_weights.kind, training.order, training.loss.kind)
    )


def _kinds(remedy: Remedy) -> tuple[str, ...]:
    fields = PLAIN | remedy.fields
    return tuple(value["kind"] if isinstance(value, dict) else value for value in fields.values())


def _balance(kind: str, **numbers) -> dict:
    return {"data.balance": {"kind": kind, **numbers}}


_BY_KINDS = {_kinds(remedy): remedy.name for remedy in remedies().values()}
