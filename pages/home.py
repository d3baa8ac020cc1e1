"""Home: what is here, and a first training in one click."""

import streamlit as st

import backends
from core.figures.blocks import drawing
from core.network.counting import costs
from pages.parts import known
from pages.parts.starting import begin, warm
from pages.parts.state import first_experiment, lab


st.title("ConvScope")
st.markdown(
    "See a convolutional network learn, and see three frameworks learn the same thing. You choose a network and "
    "pictures; ConvScope trains it in NumPy, PyTorch and TensorFlow at once, **from the same first weights, over the "
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

st.header("The lab")
build, train, compare, evaluate, imbalance = st.columns(5, gap="medium")
with build:
    st.page_link("pages/lab/build.py", label="**Build**")
    st.markdown("Put layers in a row. Each one shows the shape it gives, the arithmetic behind it and its parameters.")
with train:
    st.page_link("pages/lab/train.py", label="**Train**")
    st.markdown("Choose data, optimizer and backends; watch the losses fall, pause, stop, go on in another framework.")
with compare:
    st.page_link("pages/lab/compare.py", label="**Compare**")
    st.markdown("Lay runs over each other and find the first step at which their losses part, with all digits.")
with evaluate:
    st.page_link("pages/lab/evaluate.py", label="**Evaluate**")
    st.markdown("Ask how good a run is: beside guessing, class by class, and picture by picture.")
with imbalance:
    st.page_link("pages/lab/imbalance.py", label="**Imbalance**")
    st.markdown("Make a class rare, try remedies over several seeds, and see which of them help by more than chance.")

st.header("On this computer")
for name in backends.names():
    lacking = backends.missing(name)
    words = f"version {backends.version(name)}, ready" if lacking is None else lacking
    st.markdown(f"**{known.label(name)}** &nbsp;·&nbsp; {words}")

warm(lab().backends, experiment.data.name)
