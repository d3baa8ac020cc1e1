"""How many images `prepare` makes of each part, without making any."""

from dataclasses import dataclass
from functools import lru_cache

from core.data import catalogue
from core.data.dataset import DataError, Dataset
from core.data.prepared import chosen_rows, trained_rows
from core.data.recipe import DataRecipe
from core.data.splits import split


@dataclass(frozen=True)
class Sizes:
    train: int
    """That an epoch goes through: after counts by class, imbalance, remedy and expansion."""
    validation: int
    test: int
    drawn: int
    """Training images before all that."""


def sizes(dataset: Dataset, recipe: DataRecipe, seed: int) -> Sizes:
    """Raises DataError as `prepare` does."""
    rows = chosen_rows(dataset, recipe, seed)
    drawn = split(dataset, recipe.model_copy(update={"per_class": None}), seed)["train"]
    return Sizes(len(trained_rows(recipe, rows)), len(rows.validation), len(rows.test), len(drawn))


def sizes_of(recipe: DataRecipe, seed: int) -> Sizes:
    """Of a data set of the catalogue, remembered: a page asks many times. Raises DataError."""
    result = _sizes_or_why_not(recipe.model_dump_json(), seed)
    if isinstance(result, Sizes):
        return result
    raise DataError(result)


@lru_cache(maxsize=64)
def _sizes_or_why_not(recipe: str, seed: int) -> Sizes | str:
    asked = DataRecipe.model_validate_json(recipe)
    dataset = catalogue.load(asked.name)
    try:
        return sizes(dataset, asked, seed)
    except DataError as error:
        return str(error)
