"""Translates the nouns in core's arithmetic of a layer, such as "height (5 - 3 + 2*0) / 1 + 1 = 3"."""

import re

from pages.ui.translations import words


def arithmetic_in_words(arithmetic: str) -> str:
    texts = words(__file__)
    return re.sub(r"[a-z]+", lambda noun: texts.get(noun[0], noun[0]), arithmetic)
