"""Language files: English has every text that code asks for and no other, and what another language lacks is listed."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import streamlit as st

from pages.learn.library import CONTENT
from pages.ui import translations
from pages.ui.component import BROWSER, modules
from pages.ui.translations import FIRST_LANGUAGE, read, words, words_in


ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "pages").rglob(f"{FIRST_LANGUAGE}.toml"))
TABLES = {path.with_name(f"{module}.py"): table for path in FILES for module, table in read(path).items()}
LANGUAGES = sorted(path.name for path in CONTENT.iterdir() if path.name != FIRST_LANGUAGE)
"""Those of the lessons."""

MISSING: dict[str, list[str]] = {"de": []}
"""What a language lacks, as "folder/module: key"; it is shown in English."""

BY_CHANCE = {"scale": "the map's script asks for it only with a scale"}
"""Asked for by a script that several widgets share, and not by each of them."""
OF_CORE = {"height", "width", "filter", "filters", "map", "maps", "numbers", "units", "hidden"}
"""Single nouns in what core says, each replaced where it has a translation."""

each_module = pytest.mark.parametrize("module", TABLES, ids=lambda path: path.stem)


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text())


def asks(module: Path) -> bool:
    return any(isinstance(node, ast.Call) and ast.unparse(node) == "words(__file__)" for node in ast.walk(tree(module)))


def scripts(module: Path) -> str:
    """The widget's own script, those it shares with others, and all that they import."""
    mounted = [
        BROWSER / f"{argument.value}.js"
        for call in ast.walk(tree(module))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "component"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]
    own = [path for path in (module.with_suffix(".js"), *mounted) if path.exists()]
    return "".join(part.read_text() for part in dict.fromkeys(part for path in own for part in modules(path)))


def asked(module: Path) -> set[str]:
    """The keys after `texts`, `say` and `words(...)` in Python, after `words` in JavaScript."""
    keys = {
        node.slice.value
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        if ast.unparse(node.value) in ("texts", "say", "words(__file__)")
    }
    if module.stem == "language":
        keys = {key for path in module.parent.glob("*.py") for key in said(path)}
    return keys | set(re.findall(r"\bwords\.(\w+)", scripts(module)))


def said(module: Path) -> set[str]:
    """The keys of `say("key")`, also of `say("one" if ... else "other")`."""
    return {
        text.value
        for call in ast.walk(tree(module))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "say"
        for text in ast.walk(call.args[0])
        if isinstance(text, ast.Constant)
    }


@cache
def names(module: Path, depth: int = 2) -> list[str]:
    """Patterns of every text and name in the module, its scripts and what it imports: all `texts[kind]` may ask for."""
    result = re.findall(r"'([^'\n]+)'|`([^`\n]+)`|(\w+):|\.(\w+)", scripts(module))
    patterns = [re.sub(r"\\\$\\{.*?\\}", ".+", re.escape(text)) for texts in result for text in texts if text]
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values]
            patterns += ["".join(parts)] if set(parts) != {".+"} else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            patterns.append(re.escape(node.value))
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            patterns.append(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            patterns.append(node.target.id)
        elif isinstance(node, ast.ImportFrom) and depth and node.module.startswith(("core", "pages")):
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                path = ROOT / f"{name.replace('.', '/')}.py"
                patterns += names(path, depth - 1) if path.exists() else []
    return patterns


def flat(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


@pytest.mark.parametrize(
    "module",
    [path for path in sorted((ROOT / "pages").rglob("*.py")) if asks(path)],
    ids=lambda path: path.stem,
)
def test_a_module_that_asks_for_its_words_has_them(module):
    assert TABLES.get(module)


@each_module
def test_a_table_of_words_has_its_module(module):
    assert module.exists()
    assert asks(module)


@each_module
def test_english_has_every_text_that_the_module_asks_for(module):
    assert sorted(asked(module) - set(TABLES[module]) - set(BY_CHANCE)) == []


@each_module
def test_english_has_no_text_that_the_module_does_not_ask_for(module):
    known = "|".join({*map(re.escape, asked(module)), *([] if module.stem == "language" else names(module))})
    assert [key for key in TABLES[module] if key not in OF_CORE and not re.fullmatch(known, key)] == []


def test_each_language_lacks_what_is_listed_here():
    missing = {
        language: [
            f"{module.parent.name}/{module.stem}: {key}"
            for module, table in TABLES.items()
            for key in table
            if not words_in(str(module), language).get(key)
        ]
        for language in LANGUAGES
    }
    assert missing == MISSING


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_translates_what_english_says_and_fills_in_the_same_values(language):
    for file in FILES:
        for module, table in read(file.with_stem(language)).items():
            english = TABLES[file.with_name(f"{module}.py")]
            assert set(table) <= set(english), module
            for key, text in table.items():
                ours, theirs = flat(text), flat(english[key])
                assert len(ours) == len(theirs), f"{module}: {key}"
                for our, their in zip(ours, theirs, strict=True):
                    assert values(our) == values(their), f"{module}: {key}"


def values(text: str) -> set[str]:
    return set(re.findall(r"{[^}]*}", text))


def test_words_are_the_readers_and_english_where_they_are_missing(tmp_path, monkeypatch):
    (tmp_path / "en.toml").write_text('[lamp]\non = "On"\noff = "Off"\n[other]\non = "no"\n')
    (tmp_path / "de.toml").write_text('[lamp]\non = "An"\n')
    lamp = str(tmp_path / "lamp.py")
    for language, expected in {"de": {"on": "An", "off": "Off"}, "fr": {"on": "On", "off": "Off"}}.items():
        monkeypatch.setattr(translations, "language", lambda language=language: language)
        assert words(lamp) == expected
    assert words_in(lamp, "fr") == {}
    assert words_in(lamp, "de") == {"on": "An"}


def test_the_language_is_that_of_the_session_and_first_english(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    assert translations.language() == FIRST_LANGUAGE
    st.session_state["language"] = "de"
    assert translations.language() == "de"
