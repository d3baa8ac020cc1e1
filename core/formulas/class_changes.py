"""How a data recipe changes its training classes, in sentences: images left out, and then a remedy."""

from core.arrays import Array
from core.data.recipe import DataRecipe
from core.experiment.imbalance_remedies import remedies


NAMED = 3
"""How many classes are named one by one."""


def in_force(recipe: DataRecipe, counts: dict[str, Array], names: list[str]) -> list[str]:
    """One sentence per change, from the `counts` of core.data.prepared.class_counts; [] if nothing is left out and
    there is no remedy."""
    sentences = []
    if recipe.imbalance.kind != "none":
        sentences.append(f"Made imbalanced: {_left_out(counts['there'], counts['kept'], names)}.")
    if recipe.balance.kind != "none":
        label = remedies()[recipe.balance.kind.replace("_", "-")].label
        before, after = counts["kept"].sum(), counts["trained with"].sum()
        sentences.append(f"Remedy: {label.lower()}, which turns {before:,} training images into {after:,}.")
    return sentences


def _left_out(available: Array, kept: Array, names: list[str]) -> str:
    rare = [index for index in range(len(names)) if kept[index] < available[index]]
    if not rare:
        return "no image is left out"
    if len(rare) <= NAMED:
        return ", ".join(
            f"{names[index]} is trained with {kept[index]:,} of {available[index]:,} images" for index in rare
        )
    rarest = min(rare, key=lambda index: kept[index])
    return (
        f"{len(rare)} of {len(names)} classes are trained with fewer images than available; the rarest, "
        f"{names[rarest]}, with {kept[rarest]:,} of {available[rarest]:,}"
    )
