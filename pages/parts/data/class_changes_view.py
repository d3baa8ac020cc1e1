"""An imbalance or a remedy that came with a link, a file or a run: what it does, and a button that takes it away."""

import streamlit as st
from pydantic import ValidationError

from core.data import catalogue
from core.data.dataset import DataError
from core.data.recipe import DataRecipe
from core.drafts.draft import Draft
from core.formulas.class_changes import in_force
from pages.parts.imbalance.imbalance_maker import counted
from pages.ui.formatting import plain


def balance_in_force(draft: Draft) -> None:
    """Nothing where the training classes are as the data set has them."""
    if not draft.rebalanced():
        return
    st.info(plain(" ".join(_said(draft))))
    st.button("Take it away", key=draft.key("as-it-is"), on_click=draft.as_it_is)


def _said(draft: Draft) -> list[str]:
    """Without its numbers where they cannot be counted; why not is said beside the images."""
    try:
        recipe = DataRecipe.model_validate({key: value for key, value in draft.data.items() if value is not None})
        names = [str(name) for name in catalogue.describe(recipe.name).class_names]
        return in_force(recipe, counted(recipe.model_dump_json(), draft.usable_seed()), names)
    except (ValidationError, DataError):
        return ["The training classes are made imbalanced, or balanced by a remedy."]
