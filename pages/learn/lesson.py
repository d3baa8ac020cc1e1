"""One lesson: its prose, widgets and questions from top to bottom, and links to its neighbours."""

from itertools import groupby

import streamlit as st

from core.lessons.lesson import Ask, Lesson, LessonError, Prose, Section, Widget
from pages import widgets
from pages.learn import library, progress, questions
from pages.learn.ending import ending
from pages.learn.language import NAMES, follow_the_address, language_menu, say
from pages.learn.links import ARRIVING, TITLES_WRAP, contents_link
from pages.learn.prose import rendered
from pages.ui.hidden_controls import hidden
from pages.ui.page_script import script
from pages.ui.translations import FIRST_LANGUAGE, language


PROSE_PIXELS = 760
STYLE = """<style>
  [data-testid=stMarkdownContainer] table { display: block; overflow-x: auto; }
  [data-testid=stMarkdownContainer] .katex-display { padding: .2em 0; }
  [data-testid=stForm] > [data-testid=stVerticalBlock] { flex-flow: row wrap; align-items: flex-end; }
  [data-testid=stForm] [data-testid=stElementContainer]:has(> :is([data-testid=stRadio], [data-testid=stCheckbox])) {
    flex-basis: 100%;
  }
  [data-testid=stForm] [data-testid=stTextInputRootElement],
  [data-testid=stForm] [data-testid=stRadioOption] > div > div:first-child,
  [data-testid=stForm] button[kind=secondaryFormSubmit] {
    border-color: color-mix(in srgb, currentColor 62%, transparent);
  }
  [data-testid=stForm] details { margin-bottom: .8em; }
  [data-testid=stForm] summary { cursor: pointer; }
</style>"""
"""Wide tables scroll instead of widening the page; the tops of formulas are not cut off; the input field and the
buttons of a question share a row, and their borders have a contrast of more than 3 : 1."""


def page() -> None:
    follow_the_address()
    lessons = library.lessons(language())
    if not lessons:
        st.error("; ".join(library.problems()) or "There are no lessons.")
        return
    id_ = st.query_params.get("lesson") or next(iter(lessons))
    if id_ not in lessons:
        st.title(say("lessons"))
        st.error(say("unknown", id=id_[:40]))
        contents_link()
        return
    st.query_params["lesson"] = id_
    progress.keep(id_, lessons[id_])
    show(lessons[id_], list(lessons))


def show(lesson: Lesson, order: list[str]) -> None:
    st.html(STYLE + TITLES_WRAP)
    script(ARRIVING, lesson.id)
    head(lesson)
    for is_quiz, group in groupby(lesson.parts, is_quiz_question):
        parts = list(group)
        if not is_quiz:
            show_parts(lesson, parts)
        elif not hidden("quiz"):
            st.fragment(show_parts)(lesson, parts)
    ending(lesson, order)


def is_quiz_question(part) -> bool:
    """Consecutive questions share one fragment: answering one does not rerun the rest of the page."""
    return isinstance(part, Ask) and not part.guess


def show_parts(lesson: Lesson, parts: list) -> None:
    for part, before in zip(parts, [None, *parts], strict=False):
        try:
            if not waits(lesson, part):
                show_part(lesson, part)
            elif not waits(lesson, before):
                st.markdown(f":small[{say('waiting')}]")
        except (LessonError, widgets.WidgetError) as error:
            line = "" if isinstance(error, LessonError) else f"Lesson {lesson.source}, line {part.line}: "
            st.error(f"{line}{error}.")


def head(lesson: Lesson) -> None:
    if not hidden("links"):
        contents_link()
    st.title(lesson.head.title, anchor="top")
    st.markdown(
        f":small[{say('minutes', count=lesson.head.minutes)}] &nbsp;·&nbsp; {lesson.head.goal}", width=PROSE_PIXELS
    )
    if language() != FIRST_LANGUAGE and lesson.id not in library.translated(language()):
        st.info(say("not_translated", language=NAMES.get(language(), language())))
    with st.sidebar:
        if lesson.sections and not hidden("sections"):
            st.markdown(f"**{say('sections')}**\n" + "".join(f"\n- [{s.title}](#{s.anchor})" for s in lesson.sections))
        if not hidden("language"):
            language_menu()


def waits(lesson: Lesson, part) -> bool:
    """Whether the part stays hidden until the reader has made a prediction."""
    after = getattr(part, "after", "")
    return bool(after) and not questions.predicted(lesson, after)


def show_part(lesson: Lesson, part) -> None:
    match part:
        case Prose():
            st.markdown(rendered(lesson, part.text, part.line), width=PROSE_PIXELS)
        case Section():
            st.header(part.title, anchor=part.anchor)
        case Widget():
            widgets.show(part.name, lesson.options(part), f"{lesson.id}-{part.key}")
        case Ask(guess=True):
            questions.predict(lesson, part, lesson.predictions.index(part) + 1)
        case Ask():
            questions.quiz(lesson, part, lesson.questions.index(part) + 1)


page()
