"""An imbalance or remedy loaded from a link, file or run: what it does, and a button to remove it."""

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
    """Shows nothing if the training classes are as in the data set."""
    if not draft.rebalanced():
        return
    st.info(plain(" ".join(_description(draft))))
    st.button("Restore the original classes", key=draft.key("as-it-is"), on_click=draft.as_it_is)


def _description(draft: Draft) -> list[str]:
    """Leaves out the numbers if they cannot be counted; the reason is shown beside the images."""
    try:
        recipe = DataRecipe.model_validate({key: value for key, value in draft.data.items() if value is not None})
        names = [str(name) for name in catalogue.describe(recipe.name).class_names]
        return in_force(recipe, counted(recipe.model_dump_json(), draft.usable_seed()), names)
    except (ValidationError, DataError):
        return ["The training classes have been made imbalanced, or rebalanced by a remedy."]
