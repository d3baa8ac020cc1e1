"""An experiment: data recipe + network + training recipe + seed. Frozen, JSON, hashable; the same on every backend."""

import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PositiveFloat, ValidationError, model_validator

from core.class_weights import ClassWeights, EqualWeights
from core.data.recipe import DataRecipe
from core.losses import CrossEntropy, Loss
from core.network.endings import check_ending
from core.network.errors import NetworkError
from core.network.network import Network
from core.schedules import ConstantRate, Schedule
from core.spec import Spec


class ExperimentError(ValueError):
    """An experiment that cannot be read or run, in one sentence."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field
        """Of the training recipe, if it is about one."""


Rate = Annotated[float, Field(gt=0, le=1e30)]
"""More would not even be a number in float32."""


Count = Annotated[int, Field(ge=1, le=10**9)]


class SGD(Spec):
    """w <- w - rate * g"""

    kind: Literal["sgd"] = "sgd"
    rate: Rate = 0.1


class Momentum(Spec):
    """v <- momentum * v - rate * g;  w <- w + v. The rate is inside the velocity, also when the rate changes."""

    kind: Literal["momentum"] = "momentum"
    rate: Rate = 0.1
    momentum: float = Field(default=0.9, ge=0, lt=1)


class Nesterov(Spec):
    """v <- momentum * v - rate * g;  w <- w + momentum * v - rate * g: momentum that looks ahead."""

    kind: Literal["nesterov"] = "nesterov"
    rate: Rate = 0.1
    momentum: float = Field(default=0.9, ge=0, lt=1)


class Adagrad(Spec):
    """Duchi, Hazan and Singer 2011: the rate is divided by the root of all squared gradients so far, a sum that starts
    at zero; epsilon is added to the root."""

    kind: Literal["adagrad"] = "adagrad"
    rate: Rate = 0.01
    epsilon: PositiveFloat = 1e-8


class Adadelta(Spec):
    """Zeiler 2012, algorithm 1, times a rate (the paper's is 1): epsilon stands inside both roots."""

    kind: Literal["adadelta"] = "adadelta"
    rate: Rate = 1.0
    rho: float = Field(default=0.9, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-6


class RMSProp(Spec):
    """Hinton's lecture 6e (2012): as Adagrad, but old squared gradients fade; epsilon is added to the root."""

    kind: Literal["rmsprop"] = "rmsprop"
    rate: Rate = 0.001
    rho: float = Field(default=0.9, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-8


class Adam(Spec):
    """Kingma and Ba 2015, algorithm 1: epsilon is added to the root of the corrected second moment."""

    kind: Literal["adam"] = "adam"
    rate: Rate = 0.001
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-8


class AdamW(Spec):
    """Adam, and each step first shrinks the weights by rate * decay (Loshchilov and Hutter 2019, decoupled from the
    gradient); biases do not shrink."""

    kind: Literal["adamw"] = "adamw"
    rate: Rate = 0.001
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-8
    decay: float = Field(default=0.01, ge=0)


Optimizer = Annotated[
    SGD | Momentum | Nesterov | Adagrad | Adadelta | RMSProp | Adam | AdamW, Field(discriminator="kind")
]


class Penalty(Spec):
    """Added to the loss: l2 / 2 * the sum of w^2, and l1 * the sum of |w|."""

    l2: float = Field(default=0.0, ge=0)
    l1: float = Field(default=0.0, ge=0)


class Penalties(Spec):
    """By group of layers. Biases are never penalised."""

    conv: Penalty = Penalty()
    dense: Penalty = Penalty()
    output: Penalty = Penalty()
    """The last layer that learns, whatever it is."""
    over_batches: bool = False
    """Divide them by the number of whole batches in the training set, as Nielsen's network3 (2015) does."""


class TrainingRecipe(Spec):
    """How the weights are found: down the loss of each batch and the penalties."""

    loss: Loss = CrossEntropy()
    optimizer: Optimizer = SGD()
    schedule: Schedule = ConstantRate()
    """What becomes of the optimizer's rate."""
    warm_up: int = Field(default=0, ge=0, le=10**9)
    """Steps in which the rate rises to its full size, before the schedule begins."""
    penalties: Penalties = Penalties()
    batch_size: Count = 128
    epochs: Count = 5
    steps: Count | None = None
    """End after this many optimizer steps, even in the middle of an epoch; None: after the last epoch."""
    patience: Count | None = None
    """End when the validation loss has had no new low for so many epochs, and put the weights of its lowest back (also
    at any other end); None: never."""
    time_limit: PositiveFloat | None = None
    """End after so many seconds of training and evaluation, wherever it is; None: never."""
    order: Literal["shuffled", "fixed", "with replacement", "balanced"] = "shuffled"
    """Shuffled anew each epoch (from the seed), always in the rows' order, each row drawn from all (then an epoch sees
    some rows twice and others not at all), or balanced: every batch has every class equally often."""
    test_at_best: bool = False
    """Measure the test part, too, after each epoch whose validation accuracy is not below the best so far, as network3
    does; nothing is decided by it."""
    class_weights: ClassWeights = EqualWeights()
    """How much pictures of each class count in the loss."""
    drop_last: bool = False
    """Leave out the rows at the end of an epoch that do not fill a batch."""
    precision: Literal["float32", "float64"] = "float32"


class Experiment(Spec):
    """Everything a run depends on. Equal experiments have equal hashes; the title does not count."""

    format: Literal[1] = 1
    title: str = Field(default="", max_length=200)
    data: DataRecipe
    network: Network
    training: TrainingRecipe = TrainingRecipe()
    seed: int = Field(default=1, ge=0, lt=2**63)

    @model_validator(mode="after")
    def _can_be_trained(self):
        check_ending(self.network, loss=self.training.loss)
        return self

    def to_json(self) -> str:
        return self.model_dump_json(indent=2) + "\n"

    @property
    def hash(self) -> str:
        """Twelve hex digits of the SHA-256 of the canonical JSON, without the title."""
        content = json.dumps(self.model_dump(mode="json", exclude={"title"}), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()[:12]


def from_json(text: str) -> Experiment:
    """Raises ExperimentError with every wrong field in one sentence."""
    try:
        return Experiment.model_validate_json(text)
    except ValidationError as error:
        raise ExperimentError(f"this is not an experiment: {explain(error)}") from None


def read(path: Path) -> Experiment:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ExperimentError(f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ExperimentError(f"{path} is not a text file; an experiment is JSON") from None
    return from_json(text)


def changed(experiment: Experiment, **fields) -> Experiment:
    """A checked copy; a dotted path goes inside: changed(e, **{"training.optimizer.rate": 0.1}). Another "kind" brings
    the defaults of its own fields. Raises ExperimentError."""
    document = experiment.model_dump(mode="json")
    for path, value in fields.items():
        _put(document, path, value)
    return from_json(json.dumps(document))


def explain(error: ValidationError) -> str:
    """Pydantic's findings as words: where, what is wrong, what came. At most four of them."""
    findings = list(dict.fromkeys(_finding(found) for found in error.errors(include_url=False)))
    more = f" (and {len(findings) - 4} more)" if len(findings) > 4 else ""
    return "; ".join(findings[:4]) + more


def _finding(found) -> str:
    where = _where(found["loc"])
    if isinstance(cause := found.get("ctx", {}).get("error"), Exception):
        return str(cause) if isinstance(cause, NetworkError) or not where else f"{where}: {cause}"
    if found["type"] == "json_invalid":
        return f"it is not JSON ({cause})"
    where = where or "the text"
    if found["type"] == "extra_forbidden":
        return f"{where} is not a field I know"
    came = "" if isinstance(found["input"], dict | list) else f", got {found['input']!r:.60}"
    rule = found["msg"].replace("Input should", "must")
    return f"{where}: {rule[0].lower()}{rule[1:]}{came}"


def _where(place: tuple) -> str:
    """("network", "layers", 0, "conv2d", "kernel", 1) -> "layer 1 (conv2d), kernel"; elsewhere with dots."""
    match place:
        case ("network", "layers", *inside):
            return _where_inside(tuple(inside))
        case ("data", "augmentation", int(number), str(kind), *field):
            return ", ".join([f"transform {number + 1} ({kind})", *[str(part) for part in field[:1]]])
        case ("data", "scaling", _):
            return "scaling"
        case (outer, "optimizer" | "scaling" | "loss" | "schedule" as inner, _, field):
            return f"{outer}.{inner}.{field}"
    return ".".join(str(part) for part in place)


def _where_inside(place: tuple) -> str:
    """The same from within a row of layers, through blocks: (2, "branches", "rows", 1, 0, "dense", "units") -> "layer 3
    (branches), branch 2, layer 1 (dense), units"."""
    match place:
        case (int(number), "residual", "layers", int(_), *_):
            return f"layer {number + 1} (residual), {_where_inside(place[3:])}"
        case (int(number), "branches", "rows", int(row), int(_), *_):
            return f"layer {number + 1} (branches), branch {row + 1}, {_where_inside(place[4:])}"
        case (int(number), str(kind), *field):
            return ", ".join([f"layer {number + 1} ({kind})", *[str(part) for part in field[:1]]])
        case (int(number),):
            return f"layer {number + 1}"
    return ".".join(["network.layers", *map(str, place)])


def _put(document, path: str, value) -> None:
    *parents, last = path.split(".")
    here = document
    for depth, word in enumerate([*parents, last]):
        key: str | int = word
        if isinstance(here, list):
            if not re.fullmatch(r"-?\d+", word) or not -len(here) <= int(word) < len(here):
                raise ExperimentError(f"{path}: {word!r} is not a place in a list of {len(here)}")
            key = int(word)
        elif not isinstance(here, dict):
            raise ExperimentError(f"{path}: {'.'.join(parents[:depth])} has no fields inside")
        elif key not in here and depth < len(parents):
            raise ExperimentError(f"{path}: there is no {key!r}; known here: {', '.join(map(str, here))}")
        if depth == len(parents):
            if key == "kind":
                here.clear()  # another kind has other fields: they get their defaults
            here[key] = value
        else:
            here = here[key]
