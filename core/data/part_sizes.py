"""How many images `prepare` makes for each part, without making any."""

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
    """Images of an epoch: after per-class counts, imbalance, remedy and expansion."""
    validation: int
    test: int
    drawn: int
    """Training images before these changes."""


def sizes(dataset: Dataset, recipe: DataRecipe, seed: int) -> Sizes:
    """Raises DataError as `prepare` does."""
    rows = chosen_rows(dataset, recipe, seed)
    drawn = split(dataset, recipe.model_copy(update={"per_class": None}), seed)["train"]
    return Sizes(len(trained_rows(recipe, rows)), len(rows.validation), len(rows.test), len(drawn))


def sizes_of(recipe: DataRecipe, seed: int) -> Sizes:
    """The sizes for a data set of the catalogue, cached because pages ask often. Raises DataError."""
    result = _sizes_or_error(recipe.model_dump_json(), seed)
    if isinstance(result, Sizes):
        return result
    raise DataError(result)


@lru_cache(maxsize=64)
def _sizes_or_error(recipe_json: str, seed: int) -> Sizes | str:
    recipe = DataRecipe.model_validate_json(recipe_json)
    dataset = catalogue.load(recipe.name)
    try:
        return sizes(dataset, recipe, seed)
    except DataError as error:
        return str(error)
