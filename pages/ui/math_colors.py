"""The colours of roles in formulas and prose."""

import re

import streamlit as st

from core.figures.colors import DARK, LIGHT


COLOURS = {"blue": "input", "orange": "kernel", "green": "output", "violet": "gradient"}


COLOURED = re.compile(r"\\(blue|orange|green|violet)\{")


def coloured(text: str) -> str:
    r"""\blue{x} in a formula gets the colour of the grammar for the page's theme; KaTeX knows no theme."""
    shades = DARK if st.context.theme.type == "dark" else LIGHT
    return COLOURED.sub(lambda result: rf"\textcolor{{{shades[COLOURS[result[1]]]}}}{{", text)
