"""Transfer: what a network has learned, reused for other images or classes."""

import streamlit as st

from core.runs.folder import all_runs
from pages.parts.transfer.plan_pickers import plan_picker, source_picker
from pages.parts.transfer.results_view import results


IMAGENET = (
    "Networks that were trained on the 1.3 million photographs of ImageNet do not come with ConvScope. On a computer "
    "with internet access, this command downloads one of them (9 MB) for your own code: "
    "`python -c \"import keras; keras.applications.MobileNetV2(include_top=False, pooling='avg')\"`"
)


def page() -> None:
    st.title("Transfer")
    st.markdown(
        "Take a trained network, cut off its classifier, and use what is left to describe images of other classes. "
        "A simple classifier then learns from a few of them. Does that beat raw pixels, features made by hand, and "
        "the same network before its training?",
        width=720,
    )
    st.header("What is reused")
    source = source_picker(all_runs())
    if source is not None:
        st.header("What is learned")
        plan = plan_picker(source)
        if plan is not None:
            results(plan, source.run)
    st.markdown(f":small[{IMAGENET}]", width=720)


page()
