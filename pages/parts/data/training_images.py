"""The first images that an experiment trains with."""

import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.preview import beginning
from core.data.recipe import DataRecipe
from core.drafts.draft import Draft
from core.figures.montage import montage


COLUMNS, ROWS = 12, 3


def images(draft: Draft) -> None:
    """The first training images, before augmentation and scaling."""
    if catalogue.missing(draft.data["name"]):
        st.info("The images appear here once the data set is on this computer.")
        return
    try:
        recipe = DataRecipe.model_validate({key: value for key, value in draft.data.items() if value is not None})
        image, counts, names = _look(recipe.model_dump_json(), draft.usable_seed())
    except (ValidationError, DataError):  # the error is shown beside the controls
        st.info("The images appear here once the data settings are valid.")
    else:
        sizes = ", ".join(f"{count:,} {part}" for part, count in counts.items())
        st.image(image, alt=f"The first training images: {names}", width="stretch" if len(names) else "content")
        st.markdown(f":small[{sizes} images. Shown row by row: {names}.]")


@st.cache_data(max_entries=32, show_spinner=False)
def _look(text: str, seed: int) -> tuple[bytes, dict[str, int], str]:
    recipe = DataRecipe.model_validate_json(text)
    dataset = catalogue.load(recipe.name)
    first = beginning(dataset, recipe, seed, COLUMNS * ROWS)
    image = montage(first.images, COLUMNS, zoom=max(1, 64 // dataset.shape[1]))
    names = ", ".join(dataset.class_names[label] for label in first.labels)
    labels = {"train": "training", "validation": "validation", "test": "test"}
    return image, {labels[part]: count for part, count in first.counts.items()}, names
