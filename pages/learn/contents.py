"""The list of lessons: what each one teaches, how long it takes, and the reader's progress."""

import json

import streamlit as st

from core.lessons.lesson import Lesson
from pages.learn import library, progress
from pages.learn.language import follow_the_address, language_menu, say
from pages.learn.links import ARRIVING, TITLES_WRAP, lesson_link
from pages.ui.formatting import plain
from pages.ui.page_script import script
from pages.ui.translations import language


def page() -> None:
    follow_the_address()
    st.html(TITLES_WRAP)
    script(ARRIVING, "")
    progress.keep("contents")
    words, menu = st.columns([4, 1], vertical_alignment="bottom")
    with words:
        st.title(say("lessons"))
        st.markdown(say("intro"), width=720)
    with menu:
        language_menu()
    there = library.lessons(language())
    course(there)
    own(there)
    for problem in library.problems():
        st.error(plain(problem) + ".")
    kept()


def course(there: dict[str, Lesson]) -> None:
    block = ""
    for planned in library.plan():
        number = f"{int(planned.id[1:])}. " if planned.id[1:].isdigit() else ""
        if planned.block != block:
            block = planned.block
            st.header(block)
        if planned.id in there:
            card(there[planned.id], number)
        else:
            st.markdown(f"{number}{planned.title} :small[({say('planned')})]  \n:small[{planned.goal}]", width=720)


def own(there: dict[str, Lesson]) -> None:
    """Lessons that are not part of the course."""
    course_ids = {planned.id for planned in library.plan()}
    more = [lesson for id_, lesson in there.items() if id_ not in course_ids]
    if more:
        st.header(say("own"))
    for lesson in more:
        card(lesson)


def card(lesson: Lesson, number: str = "") -> None:
    lesson_link(lesson.id, f"**{number}{lesson.head.title}**")
    right = sum(progress.has(lesson.id, ask.id) for ask in lesson.questions)
    notes = [say("minutes", count=lesson.head.minutes)]
    if right:
        notes.append(progress.count(lesson))
    if progress.has(lesson.id, progress.FINISHED):
        notes.append(f":green[✓ {say('done')}]")
    st.markdown(f"{lesson.head.goal}  \n:small[{' · '.join(notes)}]", width=720)


def kept() -> None:
    with st.expander(say("keep")):
        st.markdown(say("keep_explained"))
        text = json.dumps(progress.progress(), indent=2)
        st.download_button(
            say("save_progress"), text, "convscope-progress.json", "application/json", key="save-progress"
        )
        file = st.file_uploader(say("load_progress"), type="json", key="load-progress", max_upload_size=1)
        if file is not None and st.session_state.get("loaded-progress") != file.file_id:
            st.session_state["loaded-progress"] = file.file_id
            load(file)
        if st.button(say("forget"), key="forget"):
            progress.forget()
            st.rerun()


def load(file) -> None:
    try:
        progress.merge(file.getvalue().decode())
    except ValueError:
        st.error(say("bad_progress", name=plain(file.name)))
    else:
        st.rerun()


page()
