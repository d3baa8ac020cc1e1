"""Home: what is here, and a first training in one click."""

import streamlit as st

import backends
from core.figures.blocks import drawing
from core.network.costs import costs
from pages.parts.session.state import first_experiment, lab
from pages.parts.train.start import begin, warm
from pages.ui import backend_labels


st.title("ConvScope")
st.markdown(
    "See a convolutional network learn, and see three frameworks learn the same thing. You choose a network and "
    "images; ConvScope trains it in NumPy, PyTorch and TensorFlow at once, **from the same first weights, over the "
    "same batches**. The curves start on one point. Where they part, you can ask why.",
    width=720,
)

experiment = first_experiment()
st.html(drawing(experiment.network.input_shape, costs(experiment.network)))

if st.button("Train this network on real digits", type="primary", key="first"):
    begin(lab(), experiment)
    st.switch_page("pages/lab/train.py")
st.markdown(
    f":small[1,797 handwritten digits that come with ConvScope. Some seconds on {len(lab().backends)} backends.]"
)

st.header("Learn")
st.page_link("pages/learn/contents.py", label="**Lessons**")
st.markdown(
    "Twenty of them, from an image as numbers to transfer and its limits. Move everything, guess before you see, and "
    "find the slips.",
    width=720,
)

st.header("The lab")
for row in (
    (
        ("data", "Choose and prepare the images, your own too, and look at what the network will see."),
        ("build", "Put layers in a row. Each one shows its shape, the arithmetic behind it and its parameters."),
        ("train", "Choose optimizer and backends; watch the losses fall, pause, stop, go on in another framework."),
        ("compare", "Lay runs over each other and find the first step at which their losses part."),
    ),
    (
        ("evaluate", "Ask how good a run is: beside guessing, class by class, and on changed images."),
        ("imbalance", "Make a class rare, try remedies over several seeds, and see which help by more than chance."),
        ("runs", "Find every training again; name it, put seeds together, give it away as a link."),
    ),
):
    for column, (name, what) in zip(st.columns(4, gap="medium"), row, strict=False):
        with column:
            st.page_link(f"pages/lab/{name}.py", label=f"**{name.capitalize()}**")
            st.markdown(what)

st.header("On this computer")
for name in backends.names():
    missing = backends.missing(name)
    words = f"version {backends.version(name)}, ready" if missing is None else missing
    st.markdown(f"**{backend_labels.label(name)}** &nbsp;·&nbsp; {words}")

warm(lab().backends, experiment.data.name)
