"""Controls shared by several pages: data set, network preset, seed and data sizes."""

import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.drafts.draft import Draft
from core.experiment import presets
from core.formulas.balance import PRECISIONS, ROW_ORDERS
from pages.ui.formatting import amount, plain, sentence
from pages.ui.inputs import bound, choice, optional, whole


OWN = "my own"
ALWAYS = "digits"


def problems_of(draft: Draft, field: str) -> None:
    """Shows the problems of a field below it."""
    with st.container():
        for problem in draft.check().general:
            if problem.field == field:
                st.markdown(f":red[:small[{plain(sentence(problem.sentence))}]]")


def preset_picker(draft: Draft, explained: bool = True) -> None:
    """With an explanation below if `explained`, otherwise behind a question mark."""
    shown = draft.preset or OWN
    sentence = presets.get(draft.preset).sentence if draft.preset else "Changed by you on the Build page."
    options = presets.names() + ([OWN] if draft.preset is None else [])

    def choose(name: str) -> None:
        if name not in (OWN, shown):  # ignores a stale choice from the browser
            draft.choose_preset(name)

    bound(
        st.selectbox,
        "Network",
        shown,
        choose,
        f"preset{draft.undone}" if draft.preset else f"preset-own{draft.undone}",
        options=options,
        format_func=lambda name: name if name == OWN else presets.get(name).label,
        help=None if explained else sentence,
    )
    if explained:
        st.markdown(f":small[{sentence}]")


def data_picker(draft: Draft, explained: bool = True) -> None:
    """With an explanation below if `explained`, otherwise behind a question mark. If the data set no longer exists, one
    that always does takes its place."""
    try:
        catalogue.describe(draft.data["name"])
    except DataError as error:
        st.error(str(error))
        draft.choose_data(ALWAYS)
    shown = draft.data["name"]
    sentence = catalogue.describe(shown).summary

    def choose(name: str) -> None:
        if name != shown:
            draft.choose_data(name)

    bound(
        st.selectbox,
        "Data",
        shown,
        choose,
        f"data{draft.undone}",
        options=catalogue.names(),
        format_func=lambda name: catalogue.describe(name).label,
        help=None if explained else sentence,
    )
    if explained:
        st.markdown(f":small[{sentence}]")


def missing_data(name: str) -> bool:
    """Shows what is missing and offers a download if there is one; returns whether anything is missing."""
    message = catalogue.missing(name)
    if message is None:
        return False
    st.warning(message)
    if catalogue.describe(name).downloadable and st.button("Download it now", key="download"):
        _download(name)
    return True


def _download(name: str) -> None:
    bar = st.progress(0.0, "Starting the download …")

    def report(done: int, total: int) -> None:
        bar.progress(done / total, f"{amount(done)} of {amount(total)}")

    try:
        catalogue.download(name, report)
    except DataError as error:
        bar.empty()
        st.error(str(error))
    else:
        st.rerun()


def fine_pickers(draft: Draft) -> None:
    """Settings that a first training run does not need."""
    training, data = draft.training, draft.data
    left, right = st.columns(2)
    with left:
        whole(
            "Seed",
            draft.seed,
            lambda value: setattr(draft, "seed", value),
            draft.key("seed"),
            help="Determines everything random: initial weights, batch order, dropout and augmentation. With the same "
            "seed, every backend starts the same way.",
        )
        optional("Training images", data, "train", draft.key("train"))
    with right:
        for part, label in (("validation", "Validation"), ("test", "Test")):
            optional(f"{label} images", data, part, draft.key(part))
        problems_of(draft, "data")
    row_order(draft)
    choice("Precision", list(PRECISIONS), training, "precision", draft.key("precision"))
    st.markdown(f":small[{PRECISIONS.get(training['precision'], '')}]")


def row_order(draft: Draft) -> None:
    choice("Row order", list(ROW_ORDERS), draft.data, "order", draft.key("data-order"))
    st.markdown(f":small[{ROW_ORDERS[draft.data.get('order') or 'file']}]")
