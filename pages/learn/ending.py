"""The end of a lesson: its concepts, a button to mark it as finished, its neighbours, and a link for teachers."""

import streamlit as st

from core.lessons.lesson import Lesson, Widget
from pages import widgets
from pages.learn import library, progress
from pages.learn.concepts import title
from pages.learn.language import say
from pages.learn.links import lesson_link
from pages.ui.hidden_controls import EVERYWHERE, hidden, seen
from pages.ui.translations import FIRST_LANGUAGE, language


def ending(lesson: Lesson, order: list[str]) -> None:
    st.divider()
    finished(lesson)
    if lesson.head.concepts:
        with st.expander(say("concepts")):
            related = (
                f"\n\n{say('elsewhere')}: " + ", ".join(map(title, lesson.head.links)) if lesson.head.links else ""
            )
            st.markdown("\n".join(f"- {title(id_)}" for id_ in lesson.head.concepts) + related)
    if not hidden("links"):
        neighbours(lesson, order)
    if not seen():
        teachers_link(lesson)


def finished(lesson: Lesson) -> None:
    if lesson.questions and not hidden("quiz"):
        st.html(f"<p data-progress='{lesson.id}'>{progress.count(lesson)}</p>")
    if progress.has(lesson.id, progress.FINISHED):
        st.success(say("finished"))
    elif st.button(say("finish"), key=f"{lesson.id}-finish"):
        progress.add(lesson.id, progress.FINISHED)
        st.rerun()


def neighbours(lesson: Lesson, order: list[str]) -> None:
    there, position = library.lessons(language()), order.index(lesson.id)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if position:
            lesson_link(order[position - 1], f"← {say('previous')}: {there[order[position - 1]].head.title}")
        if position + 1 < len(order):
            lesson_link(order[position + 1], f"{say('next')}: {there[order[position + 1]].head.title} →")


@st.fragment
def teachers_link(lesson: Lesson) -> None:
    """Built only when the expander is open: most readers never open it."""
    box = st.expander(say("teachers"), key=f"{lesson.id}-teachers", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(say("teachers_explained"))
        left_out = st.multiselect(say("hide"), controls(lesson), key=f"{lesson.id}-hide")
        address = f"?lesson={lesson.id}" + (f"&lang={language()}" if language() != FIRST_LANGUAGE else "")
        st.markdown(say("teacher_link"))
        st.code(
            f"{st.context.url or ''}".split("?")[0] + address + (f"&hide={','.join(left_out)}" if left_out else ""),
            language=None,
        )


def controls(lesson: Lesson) -> list[str]:
    """The controls that can be hidden: the page's own and those of the widgets in this lesson."""
    result = list(EVERYWHERE)
    for part in lesson.parts:
        if isinstance(part, Widget) and part.name in widgets.names():
            result += getattr(widgets.load(part.name), "CONTROLS", ())
    return list(dict.fromkeys(result))
