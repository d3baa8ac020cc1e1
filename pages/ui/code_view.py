"""A network as code for each backend, and as the JSON that ConvScope stores."""

import streamlit as st

import backends
from core.network.network import Network
from pages.ui import backend_labels


JSON = "JSON"
STYLE = """<style>
  .stCode .token.comment, .stCode .token.punctuation { color: light-dark(#4b5563, #c3c9d4); }
  .stCode .token.keyword, .stCode .token.boolean { color: light-dark(#1d4ed8, #93c5fd); }
  .stCode .token.string { color: light-dark(#166534, #86efac); }
  .stCode .token.number { color: light-dark(#0f5f5a, #7fe0d4); }
  .stCode .token.operator { color: light-dark(#9a3412, #fdba74); }
</style>"""
"""Streamlit's own syntax colours have too little contrast."""
LABELS = {"tensorflow": "Keras (TensorFlow)", JSON: JSON}


def code_view(network: Network, label: str, key: str) -> None:
    """A row of languages to choose from, and the code in the chosen one."""
    st.html(STYLE)
    chosen = st.radio(
        label,
        [*reversed(backends.writers()), JSON],
        format_func=lambda name: LABELS.get(name) or backend_labels.label(name),
        horizontal=True,
        key=f"{key}-language",
    )
    if chosen == JSON:
        st.code(network.model_dump_json(indent=2), language="json", height="content")
    else:
        st.code(backends.source(chosen, network), language="python")
