"""Lesson pages in a browser: their address, what moves on them, and giving answers."""

import numpy as np
from playwright.sync_api import expect

from core.lessons.lesson import Ask
from core.lessons.quiz import Choice, Several, solution
from tests.support.browser import wait_idle
from tests.support.lessons import typed


MOVING = ".widget [role=application], .widget input[type=range]"


def link(address: str, name: str) -> str:
    language, id_ = name.split("/")
    return f"{address}/lesson?lesson={id_}&lang={language}"


def answer_all(page, lesson) -> None:
    for ask in [part for part in lesson.parts if isinstance(part, Ask)]:
        give(page, lesson, ask)


def give(page, lesson, ask, wrong: bool = False) -> None:
    """Type or tick an answer and check it."""
    key, question = f"{lesson.id}-{ask.id}", ask.question
    box = page.get_by_test_id("stForm").filter(has=page.locator(f".st-key-{key}-check"))
    field = page.locator(f".st-key-{key}-field")
    if isinstance(question, Choice):
        index = next(k for k, option in enumerate(question.option) if option.right != wrong)
        option = box.get_by_role("radio").nth(index)
        # At the edge of the screen the press scrolls it away from under the pointer.
        option.evaluate("e => e.scrollIntoView({ block: 'center' })")
        option.check(force=True)
    elif isinstance(question, Several):
        for index, option in enumerate(question.option):
            box_of_option = page.locator(f".st-key-{key}-field-{index}")
            if box_of_option.locator("input").is_checked() != (option.right != wrong):
                box_of_option.locator("label").click()
    else:
        right = solution(question, lesson.names)
        field.locator("input").fill(" ".join(["987654"] * np.size(right)) if wrong else typed(right))
    page.locator(f".st-key-{key}-check button").click()
    verdict = "Info" if ask.guess else "Error" if wrong else "Success"
    expect(box.get_by_test_id(f"stAlertContent{verdict}")).to_have_count(1, timeout=30_000)
    wait_idle(page)
