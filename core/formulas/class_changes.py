"""What a data recipe has changed about its training classes, in sentences: images left out, and the remedy after that."""

from core.arrays import Array
from core.data.recipe import DataRecipe
from core.experiment.imbalance_remedies import remedies


NAMED = 3
"""Classes that are named one by one."""


def in_force(recipe: DataRecipe, counts: dict[str, Array], names: list[str]) -> list[str]:
    """Of the `counts` that core.data.prepared.class_counts gives; [] where nothing is left out and nothing remedied."""
    said = []
    if recipe.imbalance.kind != "none":
        said.append(f"Made imbalanced: {_left_out(counts['there'], counts['kept'], names)}.")
    if recipe.balance.kind != "none":
        label = remedies()[recipe.balance.kind.replace("_", "-")].label
        before, after = counts["kept"].sum(), counts["trained with"].sum()
        said.append(f"Remedy: {label.lower()}, which makes {after:,} training images of {before:,}.")
    return said


def _left_out(there: Array, kept: Array, names: list[str]) -> str:
    rare = [index for index in range(len(names)) if kept[index] < there[index]]
    if not rare:
        return "no image is left out"
    if len(rare) <= NAMED:
        return ", ".join(
            f"{names[position]} trains with {kept[position]:,} of {there[position]:,} images" for position in rare
        )
    rarest = min(rare, key=lambda position: kept[position])
    return (
        f"{len(rare)} of {len(names)} classes train with fewer images than there are, the rarest, {names[rarest]}, "
        f"with {kept[rarest]:,} of {there[rarest]:,}"
    )
