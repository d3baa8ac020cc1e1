"""Data: choose images, prepare them, and see what the network will see."""

import streamlit as st

from pages.parts.data.browsing import look_through, own_set
from pages.parts.data.class_changes_view import balance_in_force
from pages.parts.data.preparation_pickers import augmentation_pickers, noise_and_scaling_pickers, subset_pickers
from pages.parts.data.preparation_preview import seen
from pages.parts.data.upload_preview import preview
from pages.parts.data.uploading import upload
from pages.parts.session.pickers import data_picker, missing_data
from pages.parts.session.state import Lab, lab


def page(lab: Lab) -> None:
    st.title("Data")
    st.markdown(
        "A network knows only the images you give it. Choose them, decide which are for training and which for "
        "testing, and see them the way the network will.",
        width=720,
    )
    controls, image = st.columns([1, 2], gap="large")
    with controls:
        data_picker(lab.draft)
        missing_data(lab.draft.data["name"])
        own_set(lab)
        with st.container():
            balance_in_force(lab.draft)
        upload(lab)
        with st.expander("Training, validation and test sets"):
            subset_pickers(lab.draft)
        with st.expander("Scaling and label noise"):
            noise_and_scaling_pickers(lab.draft)
        with st.expander("Augmentation"):
            augmentation_pickers(lab.draft)
    with image:
        if lab.upload.reading:
            preview(lab, lab.upload.reading)
            return
        seen(lab.draft)
        look_through(lab.draft.data["name"])
        st.page_link("pages/lab/build.py", label="Build a network for these images")


page(lab())
