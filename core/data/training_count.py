"""How many pictures an epoch trains with, without making them."""

from core.data.augmentation import AROUND
from core.data.dataset import Dataset
from core.data.prepared import chosen_rows
from core.data.recipe import DataRecipe


def training_count(dataset: Dataset, recipe: DataRecipe, seed: int) -> int:
    """After imbalance, remedy and expansion, as `prepare` makes them. Raises DataError as it does."""
    times = 1 + len(AROUND) if recipe.expansion == "one_pixel_shifts" else 1
    return times * len(chosen_rows(dataset, recipe, seed).train)
