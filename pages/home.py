"""Home: what ConvScope offers, and a first training run in one click."""

import streamlit as st

import backends
from core.figures.blocks import drawing
from core.network.costs import costs
from pages.parts.session.state import first_experiment, lab
from pages.parts.train.start import begin, warm
from pages.ui import backend_labels


st.title("ConvScope")
st.markdown(
    "Watch a convolutional network learn, in three frameworks side by side. You choose a network and a data set; "
    "ConvScope trains it in NumPy, PyTorch and TensorFlow, **from the same initial weights, on the same batches**. "
    "The curves start at the same point. Where they diverge, you can find out why.",
    width=720,
)

experiment = first_experiment()
st.html(drawing(experiment.network.input_shape, costs(experiment.network)))

if st.button("Train this network on real digits", type="primary", key="first"):
    begin(lab(), experiment)
    st.switch_page("pages/lab/train.py")
st.markdown(
    f":small[1,797 handwritten digits that come with ConvScope. Takes a few seconds on {len(lab().backends)} backends.]"
)

st.header("Learn")
st.page_link("pages/learn/contents.py", label="**Lessons**")
st.markdown(
    "Twenty lessons, from an image as numbers to transfer learning and its limits. Try things out, predict before "
    "you see the result, and find the mistakes.",
    width=720,
)

st.header("The lab")
for row in (
    (
        ("data", "Choose and prepare images, including your own, and see exactly what the network will see."),
        ("build", "Stack layers. Each one shows its output shape, the arithmetic behind it and its parameters."),
        ("train", "Choose an optimizer and backends; watch the loss fall, pause, stop, continue in another framework."),
        ("compare", "Overlay runs and find the first step at which their losses diverge."),
    ),
    (
        ("evaluate", "See how good a run is: compared with guessing, class by class, and on altered images."),
        ("imbalance", "Make a class rare, try remedies with several seeds, and see which help by more than chance."),
        ("runs", "Find every training run again; name it, group it by seed, share it as a link."),
    ),
):
    for column, (name, description) in zip(st.columns(4, gap="medium"), row, strict=False):
        with column:
            st.page_link(f"pages/lab/{name}.py", label=f"**{name.capitalize()}**")
            st.markdown(description)

st.header("On this computer")
for name in backends.names():
    missing = backends.missing(name)
    state = f"version {backends.version(name)}, ready" if missing is None else missing
    st.markdown(f"**{backend_labels.label(name)}** &nbsp;·&nbsp; {state}")

warm(lab().backends, experiment.data.name)
