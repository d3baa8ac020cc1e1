"""Home: a network that answers while you draw, where to go from here, and a first training run in one click."""

import streamlit as st

import backends
from core.figures.blocks import drawing
from core.network.costs import costs
from pages.parts.session.state import first_experiment, lab
from pages.parts.train.start import begin, warm
from pages.recorded import shipped
from pages.ui import backend_labels
from pages.ui.stage import wide
from pages.widgets.explain import living_network


def page() -> None:
    wide()
    st.title("ConvScope")
    if living_network.Options().network in shipped.shipped():
        st.markdown("**See a network think.** Draw a digit: every feature map answers while you draw.")
        living_network.show(living_network.Options(), "stage-hero")
    doors()
    first_run()
    on_this_computer()


def doors() -> None:
    learn, work, compare = st.columns(3, gap="medium")
    with learn.container(border=True, height="stretch"):
        st.page_link("pages/learn/contents.py", label="**Learn** →")
        st.markdown("Twenty lessons: try it out, predict, then see. From pixels to transfer learning.")
    with work.container(border=True, height="stretch"):
        st.page_link("pages/lab/build.py", label="**Lab** →")
        st.markdown("Choose images, build a network, train it, and look inside with your own drawings.")
    with compare.container(border=True, height="stretch"):
        st.page_link("pages/lab/compare.py", label="**Compare** →")
        st.markdown("One network, three frameworks, the same start. Find the first step where they part.")


def first_run() -> None:
    experiment = first_experiment()
    st.header("Train your own")
    st.html(drawing(experiment.network.input_shape, costs(experiment.network)))
    if st.button("Train this network on real digits", type="primary", key="first"):
        begin(lab(), experiment)
        st.switch_page("pages/lab/train.py")
    st.markdown(
        ":small[1,797 handwritten digits that come with ConvScope. Takes a few seconds on "
        f"{len(lab().backends)} backends.]"
    )


def on_this_computer() -> None:
    st.header("On this computer")
    for name in backends.names():
        missing = backends.missing(name)
        state = f"version {backends.version(name)}, ready" if missing is None else missing
        st.markdown(f"**{backend_labels.label(name)}** &nbsp;·&nbsp; {state}")
    warm(lab().backends, first_experiment().data.name)


page()
