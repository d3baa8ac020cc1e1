"""A network as code: in the words of each backend, and as the JSON that ConvScope keeps; written when it is asked for."""

import streamlit as st

import backends
from core.network.network import Network


JSON = "JSON"
LABELS = {"TensorFlow": "Keras (TensorFlow)"}


def code_view(network: Network, label: str, key: str) -> None:
    """A row of languages to choose from, and the code in the one chosen."""
    written = backends.sources(network)
    chosen = st.radio(
        label,
        [*reversed(written), JSON],
        format_func=lambda name: LABELS.get(name, name),
        horizontal=True,
        key=f"{key}-language",
    )
    if chosen == JSON:
        st.code(network.model_dump_json(indent=2), language="json", height="content")
    else:
        st.code(written[chosen], language="python")
