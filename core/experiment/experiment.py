"""An experiment: data recipe + network + training recipe + seed. Frozen, JSON, hashable; the same on every backend."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from core.data.recipe import DataRecipe
from core.experiment.messages import explain
from core.network.network import Network
from core.network.output_layer import check_ending
from core.recipe.training import TrainingRecipe
from core.spec import Spec


class ExperimentError(ValueError):
    """Why an experiment cannot be read or run, in one sentence."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field
        """The field of the training recipe that the message is about, if any."""


class Experiment(Spec):
    """Everything a run depends on. Equal experiments have equal hashes; the title and what a run remembers do not
    count."""

    format: Literal[2] = 2
    title: str = Field(default="", max_length=200)
    data: DataRecipe
    network: Network
    training: TrainingRecipe = TrainingRecipe()
    seed: int = Field(default=1, ge=0, lt=2**63)

    @model_validator(mode="after")
    def _check_output_layer(self) -> Self:
        check_ending(self.network, loss=self.training.loss)
        return self

    def to_json(self) -> str:
        return self.model_dump_json(indent=2) + "\n"

    @property
    def hash(self) -> str:
        """Twelve hex digits of the SHA-256 of the canonical JSON, without what does not count."""
        counted = self.model_dump(mode="json", exclude={"title": True, "training": {"remember": True}})
        content = json.dumps(counted, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()[:12]


def from_json(text: str) -> Experiment:
    """Raises ExperimentError with one sentence that names the invalid fields."""
    try:
        return Experiment.model_validate_json(text)
    except ValidationError as error:
        raise ExperimentError(_too_old(text) or f"this is not an experiment: {explain(error)}") from None


def _too_old(text: str) -> str:
    """A message if ConvScope 0.1 wrote this text, else ""."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict) or document.get("format") != 1:
        return ""
    return (
        "this experiment has format 1, from ConvScope 0.1; this version reads format 2, whose fields have other names. "
        "Set it up again here, or open it in ConvScope 0.1"
    )


def read(path: Path) -> Experiment:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ExperimentError(f"cannot read {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ExperimentError(f"{path} is not a text file; an experiment is JSON") from None
    return from_json(text)


def changed(experiment: Experiment, **fields: Any) -> Experiment:
    """A validated copy with changed fields, given as dotted paths: changed(e, **{"training.optimizer.learning_rate":
    0.1}). A new "kind" resets the other fields to its defaults. Raises ExperimentError."""
    document = experiment.model_dump(mode="json")
    for path, value in fields.items():
        _put(document, path, value)
    return from_json(json.dumps(document))


def _put(document: Any, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    here = document
    for depth, word in enumerate([*parents, last]):
        key: str | int = word
        if isinstance(here, list):
            if not re.fullmatch(r"-?\d+", word) or not -len(here) <= int(word) < len(here):
                raise ExperimentError(f"{path}: {word!r} is not an index in a list of {len(here)}")
            key = int(word)
        elif not isinstance(here, dict):
            raise ExperimentError(f"{path}: {'.'.join(parents[:depth])} has no fields inside")
        elif key not in here and depth < len(parents):
            raise ExperimentError(f"{path}: there is no {key!r}; known here: {', '.join(map(str, here))}")
        if depth == len(parents):
            if key == "kind":
                here.clear()  # a new kind has other fields, which get their defaults
            here[key] = value
        else:
            here = here[key]
