"""The colours of input, kernel, output and gradient in formulas and prose."""

import re

import streamlit as st

from core.figures.colors import DARK, LIGHT


COLOURS = {"blue": "input", "orange": "kernel", "green": "output", "violet": "gradient"}


COLOURED = re.compile(r"\\(blue|orange|green|violet)\{")


def coloured(text: str) -> str:
    r"""Replaces \blue{x} in a formula by the colour for the page's theme, since KaTeX does not know the theme."""
    shades = DARK if st.context.theme.type == "dark" else LIGHT
    return COLOURED.sub(lambda match: rf"\textcolor{{{shades[COLOURS[match[1]]]}}}{{", text)
