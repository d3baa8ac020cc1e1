"""Looking through all images of a data set, by class and part; renaming and deleting one's own."""

import numpy as np
import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.data.sources import uploads
from core.figures.gallery import gallery
from pages.parts.session.pickers import ALWAYS
from pages.parts.session.state import Lab
from pages.ui.formatting import cut, plain


PER_PAGE = 60
TALL = 56
PARTS = {"train": "training", "validation": "validation", "test": "test"}


def look_through(name: str) -> None:
    """All images, a page at a time."""
    with st.expander("Look through all images", key="browse", on_change="rerun") as folded:
        if not folded.open or catalogue.missing(name):
            return
        dataset = catalogue.load(name)
        names = dataset.class_names
        left, right = st.columns(2)
        class_ = left.selectbox(
            "Class",
            [-1, *range(len(names))],
            key=f"browse-class-{name}",
            format_func=lambda number: "all classes" if number < 0 else names[number],
        )
        part = right.selectbox("Part", list(dataset.parts), key=f"browse-part-{name}", format_func=PARTS.__getitem__)
        rows = np.array(dataset.parts[part])
        rows = rows if class_ < 0 else rows[dataset.labels[rows] == class_]
        pages = max(1, -(-len(rows) // PER_PAGE))
        page = st.number_input("Page", 1, pages, key=f"browse-page-{name}-{class_}-{part}") if pages > 1 else 1
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        first = (page - 1) * PER_PAGE + 1
        st.markdown(
            f":small[Images {first:,} to {first + len(shown) - 1:,} of {len(rows):,}.]"
            if len(shown)
            else ":small[There are none.]"
        )
        words = [names[label] for label in dataset.labels[shown]]
        if len(shown):
            st.html(gallery(dataset.images[shown], [cut(word, 14) for word in words], words, TALL))


def own_set(lab: Lab) -> None:
    """Renames or deletes the chosen data set if it is an uploaded one."""
    name = lab.draft.data["name"]
    if not name.startswith(uploads.PREFIX) or name not in catalogue.own_names():
        return
    with st.expander("This data set"):
        label = catalogue.describe(name).label.removesuffix(" (own)")
        new = st.text_input("Rename it", value=label, key=f"rename-{name}", max_chars=40)
        if st.button("Rename", key="rename-set", disabled=new.strip() in ("", label)):
            _change(lambda: catalogue.rename(name, new))
        sure = st.checkbox("Delete it. Runs on it can no longer be evaluated or resumed.", key=f"sure-{name}")
        if st.button("Delete the data set", key="delete-set", disabled=not sure):
            _change(lambda: catalogue.delete(name), lambda: lab.draft.choose_data(ALWAYS))


def _change(change, then=lambda: None) -> None:
    try:
        change()
    except DataError as error:
        st.error(plain(str(error)))
        return
    then()
    st.rerun()
