"""Everything the network sees, after preparation: counts, images before and after, wrong labels, values."""

import numpy as np
import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.preview import Look, look
from core.data.recipe import DataRecipe
from core.drafts.draft import Draft
from core.drafts.input_errors import in_words
from core.figures import samples
from core.figures.gallery import gallery
from core.figures.montage import montage, stretched
from core.formulas import preparation as preparation_formulas
from pages.ui.formatting import plain, sentence, share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers


WORDS = {"train": "Training", "validation": "Validation", "test": "Test"}
TALL = 48
"""Pixels of an image in the gallery, about."""


def seen(draft: Draft) -> None:
    if catalogue.missing(draft.data["name"]):
        st.info("What the network sees is shown here as soon as the data set is on this computer.")
        return
    try:
        recipe = DataRecipe.model_validate({key: value for key, value in draft.data.items() if value is not None})
        found = _look(recipe.model_dump_json(), draft.usable_seed())
    except ValidationError as error:
        st.error(sentence(in_words(error)))
        return
    except DataError as error:
        st.error(str(error))
        return
    dataset = catalogue.load(recipe.name)
    names = [str(name) for name in dataset.class_names]
    _images(found, names, recipe)
    _counts(found, names, recipe.name)
    if recipe.label_noise:
        _wrong(found, names, preparation_formulas.wrong_labels(recipe, found.distinct))
    _values(found, recipe.name)


@st.cache_data(max_entries=32, show_spinner=False)
def _look(recipe: str, seed: int) -> Look:
    asked = DataRecipe.model_validate_json(recipe)
    return look(catalogue.load(asked.name), asked, seed)


def _images(found: Look, names: list[str], recipe: DataRecipe) -> None:
    st.header("Images")
    if found.parts["train"].images.shape[1:] == (1, 1, 2):
        _points(recipe, names)
        return
    part = st.radio("Of which part", list(WORDS), key="seen-part", format_func=WORDS.get, horizontal=True)
    shown = found.parts[part]
    if not len(shown.images):
        st.markdown(f"There are no {WORDS[part].lower()} images.")
        return
    drawn = recipe.augmentation and part == "train"
    rows = {"as they are": shown.images}
    if drawn:
        rows |= {f"as epoch {epoch} sees them": images for epoch, images in found.after.items()}
    rows["as the network reads them" + (" in epoch 1" if drawn else "")] = stretched(shown.read)
    words = ", ".join(names[label] for label in shown.labels)
    sheet = montage(np.concatenate(list(rows.values())), len(shown.images), max(1, TALL // shown.images.shape[2]))
    st.image(sheet, alt=f"The first {WORDS[part].lower()} images, by rows {', '.join(rows)}: {words}", width="stretch")
    low, high = shown.read.min(), shown.read.max()
    st.markdown(
        f":small[From left to right: {plain(words)}. Rows: {'; '.join(rows)}, scaled: the lowest of these values, {low:.3g}, "
        f"is drawn black, the highest, {high:.3g}, white.]"
    )


def _points(recipe: DataRecipe, names: list[str]) -> None:
    dataset = catalogue.load(recipe.name)
    chart(
        samples.points(dataset.images, dataset.labels, names),
        f"points-{recipe.name}",
        "Each point is an image of two pixels",
        f"All points of {dataset.label}, by class.",
    )


def _counts(found: Look, names: list[str], key: str) -> None:
    st.header("How many of each class")
    total = {part: int(counts.sum()) for part, counts in found.counts.items()}
    chart(
        samples.class_counts(names, found.counts),
        f"counts-{key}",
        f"{total['train']:,} to train with, {total['validation']:,} to validate, {total['test']:,} to test",
        "Images of each class: "
        + "; ".join(f"{name} {found.counts['train'][place]:,}" for place, name in enumerate(names[:30])),
        300,
    )
    numbers("The counts as a table", {"class": names, **found.counts}, f"counts-{key}")


def _wrong(found: Look, names: list[str], expected: list[str]) -> None:
    st.header("Wrong labels")
    to_expect = "To be expected are ${}$, give or take ${}$ by chance. ".format(*expected) if expected else ""
    st.markdown(
        f"{found.wrong_count:,} of {found.distinct:,} training images ({share(found.wrong_count / max(found.distinct, 1))}) "
        f"have a wrong label. {to_expect}The first of them:"
    )
    labels = zip(found.wrong_labels, found.true_labels, strict=True)
    words = [f"says {names[label]}, is {names[truth]}" for label, truth in labels]
    if words:
        st.html(gallery(found.wrong, words, words))


def _values(found: Look, key: str) -> None:
    st.header("The values it reads")
    st.markdown(f"Pixel x becomes {found.formula}.")
    chart(
        samples.histogram(found.edges, found.heights),
        f"values-{key}",
        f"From {found.low:.3g} to {found.high:.3g}",
        f"Histogram of the values of {found.looked_at:,} training images, from {found.low:.3g} to {found.high:.3g}.",
        260,
    )
    table = {"from": found.edges[:-1], "to": found.edges[1:], "values": found.heights}
    numbers("The histogram as a table", table, f"values-{key}")
