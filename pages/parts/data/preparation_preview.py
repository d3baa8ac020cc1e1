"""Everything the network sees after preparation: images before and after, class counts, wrong labels, pixel values."""

import numpy as np
import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.preview import Look, look
from core.data.recipe import DataRecipe
from core.drafts.draft import Draft
from core.drafts.input_errors import describe_error
from core.figures import samples
from core.figures.gallery import gallery
from core.figures.montage import montage, stretched
from core.formulas import preparation as preparation_formulas
from pages.ui.formatting import cut, plain, sentence, share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers


PARTS = {"train": "Training", "validation": "Validation", "test": "Test"}
TALL = 48
"""Approximate height of a gallery image in pixels."""


def seen(draft: Draft) -> None:
    if catalogue.missing(draft.data["name"]):
        st.info("The prepared images appear here once the data set is on this computer.")
        return
    try:
        recipe = DataRecipe.model_validate({key: value for key, value in draft.data.items() if value is not None})
        result = _look(recipe.model_dump_json(), draft.usable_seed())
    except ValidationError as error:
        st.error(sentence(describe_error(error)))
        return
    except DataError as error:
        st.error(plain(str(error)))
        return
    dataset = catalogue.load(recipe.name)
    names = [str(name) for name in dataset.class_names]
    if dataset.remark:
        st.warning(plain(dataset.remark))
    _images(result, names, recipe)
    _counts(result, names, recipe.name)
    if recipe.label_noise:
        _wrong(result, names, preparation_formulas.wrong_labels(recipe, result.distinct))
    _values(result, recipe.name)


@st.cache_data(max_entries=32, show_spinner=False)
def _look(recipe: str, seed: int) -> Look:
    parsed = DataRecipe.model_validate_json(recipe)
    return look(catalogue.load(parsed.name), parsed, seed)


def _images(stats: Look, names: list[str], recipe: DataRecipe) -> None:
    st.header("Images")
    if stats.parts["train"].images.shape[1:] == (1, 1, 2):
        _points(recipe, names)
        return
    part = st.radio("Data set part", list(PARTS), key="seen-part", format_func=PARTS.__getitem__, horizontal=True)
    shown = stats.parts[part]
    if not len(shown.images):
        st.markdown(f"There are no {PARTS[part].lower()} images.")
        return
    augmented = recipe.augmentation and part == "train"
    rows = {"original": shown.images}
    if augmented:
        rows |= {f"augmented for epoch {epoch}": images for epoch, images in stats.after.items()}
    rows["network input" + (" in epoch 1" if augmented else "")] = stretched(shown.read)
    words = ", ".join(names[label] for label in shown.labels)
    shown_words = ", ".join(cut(names[label]) for label in shown.labels)
    sheet = montage(np.concatenate(list(rows.values())), len(shown.images), max(1, TALL // shown.images.shape[2]))
    st.image(sheet, alt=f"The first {PARTS[part].lower()} images, by rows {', '.join(rows)}: {words}", width="stretch")
    low, high = shown.read.min(), shown.read.max()
    st.markdown(
        f":small[From left to right: {plain(shown_words)}. Rows: {'; '.join(rows)}. In the last row the lowest value, "
        f"{low:.3g}, is black and the highest, {high:.3g}, is white.]"
    )


def _points(recipe: DataRecipe, names: list[str]) -> None:
    dataset = catalogue.load(recipe.name)
    chart(
        samples.points(dataset.images, dataset.labels, names),
        f"points-{recipe.name}",
        "Each point is an image with two pixels",
        f"All points of {dataset.label}, by class.",
    )


def _counts(stats: Look, names: list[str], key: str) -> None:
    st.header("Images per class")
    total = {part: int(counts.sum()) for part, counts in stats.counts.items()}
    chart(
        samples.class_counts(names, stats.counts),
        f"counts-{key}",
        f"{total['train']:,} training, {total['validation']:,} validation and {total['test']:,} test images",
        "Training images per class: "
        + "; ".join(f"{name} {stats.counts['train'][index]:,}" for index, name in enumerate(names[:30])),
        300,
    )
    numbers("The counts as a table", {"class": names, **stats.counts}, f"counts-{key}")


def _wrong(stats: Look, names: list[str], expected: list[str]) -> None:
    st.header("Wrong labels")
    expectation = "Expected: ${}$, plus or minus ${}$ by chance. ".format(*expected) if expected else ""
    st.markdown(
        f"{stats.wrong_count:,} of {stats.distinct:,} training images "
        f"({share(stats.wrong_count / max(stats.distinct, 1))}) have a wrong label. {expectation}The first of them:"
    )
    labels = zip(stats.wrong_labels, stats.true_labels, strict=True)
    captions = [f"labelled {names[label]}, is {names[truth]}" for label, truth in labels]
    if captions:
        st.html(gallery(stats.wrong, captions, captions))


def _values(stats: Look, key: str) -> None:
    st.header("Input values")
    st.markdown(f"Pixel x becomes {stats.formula}.")
    chart(
        samples.histogram(stats.edges, stats.heights),
        f"values-{key}",
        f"From {stats.low:.3g} to {stats.high:.3g}",
        f"Histogram of the values of {stats.looked_at:,} training images, from {stats.low:.3g} to {stats.high:.3g}.",
        260,
    )
    table = {"from": stats.edges[:-1], "to": stats.edges[1:], "values": stats.heights}
    numbers("The histogram as a table", table, f"values-{key}")
