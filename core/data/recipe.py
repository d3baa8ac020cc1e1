"""What an experiment asks of its data, and the arrays it gets."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import DTypeLike
from pydantic import BaseModel, ConfigDict, Field

from core.data.dataset import Dataset, read_only
from core.data.scaling import FittedScaling, Scaling, Unit, fit
from core.data.splits import split


class DataRecipe(BaseModel):
    """How many pictures of which data set, in which order, how scaled. None: as the file has it, or what is left."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str
    train: Annotated[int, Field(ge=1)] | None = None
    validation: Annotated[int, Field(ge=0)] | None = None
    test: Annotated[int, Field(ge=0)] | None = None
    order: Literal["file", "random", "stratified"] = "file"
    scaling: Scaling = Unit()


@dataclass(frozen=True, eq=False)
class Part:
    """Scaled pictures x (N, C, H, W), labels y (N,) int64, and their rows (N,) int64 in the data set; read-only."""

    x: np.ndarray
    y: np.ndarray
    rows: np.ndarray

    def __post_init__(self):
        for name in ("x", "y", "rows"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class Prepared:
    train: Part
    validation: Part
    test: Part
    class_names: tuple[str, ...]
    shape: tuple[int, int, int]
    """(C, H, W) of one picture."""
    scaling: FittedScaling


def prepare(dataset: Dataset, recipe: DataRecipe, seed: int, dtype: DTypeLike = np.float32) -> Prepared:
    """Split, fit the scaling on the training pictures alone, scale every part. Raises DataError."""
    rows = split(dataset, recipe, seed)
    scaling = fit(recipe.scaling, dataset.pictures[rows["train"]])

    def part(name: str) -> Part:
        these = rows[name]
        return Part(scaling.apply(dataset.pictures[these], dtype), dataset.labels[these], these)

    return Prepared(part("train"), part("validation"), part("test"), dataset.class_names, dataset.shape, scaling)
