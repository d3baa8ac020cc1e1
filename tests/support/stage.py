"""A separate page for each widget, as its lessons use it: with its real texts, or with every text replaced by a mark.

`serve(folder)` is a server of it; `?widget=neuron` shows that widget's uses, `&lang=marked` replaces the words.
"""

import contextlib
import re
import shutil
from pathlib import Path

from core.lessons.lesson import Lesson, Widget, read
from pages.ui import translations
from pages.ui.plotly_js import provide_plotly
from tests.support.browser import ROOT, server


MARK = "¤"
MARKED = "marked"
"""The language in which every text is a mark."""
READ = translations.read
LESSONS = [read(path) for path in sorted((ROOT / "pages" / "learn" / "content" / "en").glob("*.md"))]
SCRIPT = "from tests.support.stage import page\n\npage()\n"


def uses(name: str) -> list[dict]:
    """The options with which lessons show this widget."""
    return [lesson.options(part) for lesson in LESSONS for part in parts(lesson) if part.name == name]


def parts(lesson: Lesson) -> list[Widget]:
    return [part for part in lesson.parts if isinstance(part, Widget)]


@contextlib.contextmanager
def serve(folder: Path):
    """Links and charts are those of the dashboard: its pages and its static files lie beside the script."""
    (folder / "stage.py").write_text(SCRIPT)
    (folder / "pages").symlink_to(ROOT / "pages")
    provide_plotly()
    shutil.copytree(ROOT / "static", folder / "static")
    with server(folder / "runs", str(folder / "stage.py"), PYTHONPATH=str(ROOT)) as address:
        yield address


def page() -> None:
    import streamlit as st

    lab = [st.Page(f"pages/lab/{path.name}") for path in sorted((ROOT / "pages" / "lab").glob("*.py"))]
    st.navigation([st.Page(stage, default=True), *lab], position="hidden").run()


def stage() -> None:
    import streamlit as st

    from pages import widgets

    name = st.query_params["widget"]
    widgets.load(name)
    st.session_state["language"] = st.query_params.get("lang", "en")
    if st.session_state["language"] == MARKED:
        mark_all()
    for number, options in enumerate(uses(name)):
        with st.container(key=f"stage-{number}"):
            widgets.show(name, options, f"stage{number}")


def mark_all() -> None:
    """Every language file of a widget has a marked one beside it."""
    translations.read = read_or_mark


def read_or_mark(path: Path) -> dict[str, dict]:
    if path.stem != MARKED:
        return READ(path)
    return {module: marked(words) for module, words in READ(path.with_stem(translations.FIRST_LANGUAGE)).items()}


def marked(words, number: str = ""):
    """A unique mark for each text; placeholders {like:.1f} this stay, and so does the structure of tables and lists."""
    if isinstance(words, dict):
        return {key: marked(text, f"{index}") for index, (key, text) in enumerate(words.items())}
    if isinstance(words, list | tuple):
        return type(words)(marked(text, f"{number}.{index}") for index, text in enumerate(words))
    return words and " ".join([MARK + number, *re.findall(r"\{[^}]*\}", words), MARK])
