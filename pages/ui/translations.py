"""The texts that a module shows, in the reader's language, from the language files beside it.

A folder has one file per language, such as `en.toml` and `de.toml`, with one table per module: [neuron] for neuron.py.
English is complete; a text missing in another language is shown in English.
"""

import functools
import tomllib
from pathlib import Path
from typing import Any

import streamlit as st


FIRST_LANGUAGE = "en"


def language() -> str:
    """The session's language; ?lang= and the language menu of the lessons change it."""
    return st.session_state.get("language", FIRST_LANGUAGE)


def words(file: str) -> dict[str, Any]:
    """The texts of the module with this `__file__`, by key; some are lists of texts."""
    return words_in(file, FIRST_LANGUAGE) | words_in(file, language())


def words_in(file: str, language: str) -> dict[str, Any]:
    """The module's texts in this language; empty if it has no file or no table for the module."""
    module = Path(file)
    return read(module.with_name(f"{language}.toml")).get(module.stem, {})


@functools.cache
def read(path: Path) -> dict[str, dict[str, Any]]:
    """The tables of a language file; empty if there is no file. Changes take effect after a restart."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
