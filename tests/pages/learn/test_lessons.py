"""Every lesson there is, in every language: it parses, its widgets render, its answers and values are core's.

New lessons and languages are found; nothing is listed here.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from core.lessons.interpolation import shown
from core.lessons.lesson import Ask, Lesson, Prose, Section, Widget
from core.lessons.quiz import Choice, Several, judge, solution
from pages import widgets
from pages.learn import library
from pages.learn.concepts import homes, misplaced
from pages.learn.prose import rendered, targets
from pages.recorded.arrays import load
from pages.widgets.explain import broken_digit
from tests.support.lessons import FILES, LESSONS, answer, typed, visit


ROOT = Path(__file__).parents[3]
QUICK = ("en/start", "de/start", "en/l01", "en/l06")
"""Answered to the end in every test run; the others, which take ten seconds each, by `make test-all`."""
ASKED = [(name, part) for name, lesson in LESSONS.items() for part in lesson.parts if isinstance(part, Ask)]
SHOWN = [(name, part) for name, lesson in LESSONS.items() for part in lesson.parts if isinstance(part, Widget)]


@pytest.fixture(params=LESSONS)
def lesson(request) -> Lesson:
    return LESSONS[request.param]


def texts_of(lesson: Lesson) -> list[tuple[str, int]]:
    """Everything in it that may hold values and links, with its line."""
    results = [(part.text, part.line) for part in lesson.parts if isinstance(part, Prose)]
    for part in lesson.parts:
        if isinstance(part, Ask):
            question = part.question
            results += [(text, part.line) for text in (question.question, question.hint, question.why)]
            results += [(wrong.why, part.line) for wrong in getattr(question, "wrong", ())]
            for option in getattr(question, "option", ()):
                results += [(option.text, part.line), (option.why, part.line)]
    return results


def ids(pairs) -> list[str]:
    return [f"{name}-{getattr(part, 'id', None) or part.key}" for name, part in pairs]


# --- what stands in the files


def test_a_lesson_is_named_as_its_file(lesson):
    assert lesson.source == f"{lesson.id}.md"


def test_a_golden_value_is_what_core_computes(lesson):
    assert lesson.failed_expectations() == []


def test_a_lesson_of_the_course_expects_golden_values(lesson):
    course = {planned.id for planned in library.plan()}
    assert lesson.id not in course or lesson.head.expect, (
        "front matter without expect: put the curriculum's values there"
    )


def test_a_value_in_the_text_is_computed(lesson):
    for text, line in texts_of(lesson):
        assert "{=" not in rendered(lesson, text, line), f"line {line}: {text}"


def test_every_link_to_a_lesson_or_a_concept_leads_to_one(lesson):
    planned = {one.id for one in library.plan()}
    for text, line in texts_of(lesson):
        for target, anchor in targets(text):
            home = homes().get(target, target)
            assert home in planned or f"en/{home}" in LESSONS, f"line {line}: [[{target}]] is no concept and no lesson"
            if anchor and f"en/{home}" in LESSONS:
                assert anchor in {section.anchor for section in LESSONS[f"en/{home}"].sections}, (
                    f"line {line}: #{anchor}"
                )


def test_every_link_inside_the_lesson_has_its_section(lesson):
    anchors = {section.anchor for section in lesson.sections}
    for text, line in texts_of(lesson):
        for target in re.findall(r"\]\(#([^)]+)\)", text):
            assert target in anchors, f"line {line}: #{target}"


def test_no_lesson_needs_another_host(lesson):
    for text, line in texts_of(lesson):
        assert not re.search(r"!\[[^\]]*\]\(https?:", text), f"line {line} loads an image from elsewhere"


# --- questions


@pytest.mark.parametrize("name, ask", ASKED, ids=ids(ASKED))
def test_the_right_answer_is_right_and_has_its_reason(name, ask):
    names, question = LESSONS[name].names, ask.question
    if isinstance(question, Choice):
        right = next(index for index, option in enumerate(question.option) if option.right)
        verdict = judge(question, right, names)
    elif isinstance(question, Several):
        verdict = judge(question, [index for index, option in enumerate(question.option) if option.right], names)
    else:
        verdict = judge(question, typed(solution(question, names)), names)
    assert verdict.right and verdict.why, f"line {ask.line}: a right answer needs a reason: why = ..."


@pytest.mark.parametrize("name, ask", ASKED, ids=ids(ASKED))
def test_a_wrong_answer_is_wrong_and_its_misconception_is_named(name, ask):
    lesson, question = LESSONS[name], ask.question
    for wrong in getattr(question, "wrong", ()):
        verdict = judge(question, typed(lesson.value(wrong.answer, ask.line)), lesson.names)
        assert not verdict.right and verdict.why == wrong.why, f"line {ask.line}: {wrong.answer}"
    for index, option in enumerate(getattr(question, "option", ())):
        if not option.right and isinstance(question, Choice):
            assert judge(question, index, lesson.names).why, f"line {ask.line}: say why not: {option.text}"
        if option.gives:
            shown(lesson.value(option.gives, ask.line), "matrix")


@pytest.mark.parametrize("name, ask", ASKED, ids=ids(ASKED))
def test_the_claim_behind_a_choice_is_true(name, ask):
    if check := getattr(ask.question, "check", ""):
        assert LESSONS[name].value(check, ask.line) is True or LESSONS[name].value(check, ask.line) == np.True_


TYPED = [(name, ask) for name, ask in ASKED if not isinstance(ask.question, Choice | Several)]


def ways(question, values: list[float]) -> dict[str, str]:
    """Twelve or more ways to type the same numbers."""
    digits = [repr(int(value) if value.is_integer() else value) for value in values]
    short = [
        f"{value:.4g}" if abs(value) < 1000 and not value.is_integer() else one
        for value, one in zip(values, digits, strict=True)
    ]
    result = {
        "digits": ", ".join(digits),
        "spaces": f"  {' '.join(digits)} ",
        "rounded": ", ".join(short),
        "tight": ",".join(digits),
        "semicolons": "; ".join(digits),
        "brackets": f"[{', '.join(digits)}]",
        "round brackets": f"({','.join(digits)})",
        "print": ", ".join(short).replace("-", "−"),
        "decimal comma": "; ".join(short).replace(".", ","),
        "equals": f"= {' '.join(digits)}",
        "full stop": f"{', '.join(digits)}.",
        "science": " ".join(f"{value:.8e}" for value in values),
        "unit": ", ".join(f"{one} {question.unit or 'in all'}" for one in digits),
        "and": " and ".join(digits),
        "thousands": " ".join(
            f"{value:,.0f}" if value.is_integer() else one for value, one in zip(values, digits, strict=True)
        ),
        "rows": "[[" + "],[".join(digits) + "]]",
    }
    if question.kind == "shape":
        result |= {"crosses": " × ".join(digits), "x": "x".join(digits), "by": " by ".join(digits)}
    return result


@pytest.mark.parametrize("name, ask", TYPED, ids=ids(TYPED))
def test_the_right_answer_is_right_in_all_the_ways_that_people_type_it(name, ask):
    question, names = ask.question, LESSONS[name].names
    values = [float(value) for value in np.ravel(solution(question, names))]
    tried = ways(question, values)
    assert len(tried) >= 12
    assert {way: text for way, text in tried.items() if not judge(question, text, names).right} == {}


IN_SIGHT = {
    ("en/l01", "roof"): "the ends of the scale are given; the question is which number is which",
    ("en/l01", "q1"): "white is told apart from black by the numbers of the scale",
    ("en/l01", "q4"): "48 is the number of columns, given; the question is which pixel",
    ("en/l02", "q6"): "the text says what a weight image is; the number of pixels is given",
    ("en/l05", "q3"): "zeros are everywhere in a signal",
    ("en/l06", "stride"): "small numbers of the text",
    ("en/l06", "q5"): "small numbers of the text",
    ("en/l06", "q11"): "the number is in the wrong print as well, in the wrong place",
    ("en/l09", "q12"): "the same kernel's numbers, in the other library's order, are the question",
    ("en/l10", "max"): "the largest numbers are to be found in the image above",
    ("en/l10", "q7"): "the rate of another machine",
    ("en/l20", "q2"): "to be found among the cards",
    ("en/l20", "q4"): "to be put together from the text",
}
"""Answers that are in sight on purpose or by coincidence, and why that gives nothing away."""
COINCIDENCE = 10
"""Single numbers up to this one are found in any text."""


def in_sight(lesson: Lesson, ask: Ask) -> list[str]:
    """Texts of the section that are visible before anything is answered: above the question, and right below it."""
    results: list[str] = []
    for index, part in enumerate(lesson.parts):
        before = index < lesson.parts.index(ask)
        if isinstance(part, Section) and before:
            results = []
        elif not before and index != lesson.parts.index(ask) + 1:
            continue
        elif isinstance(part, Prose) and not part.after:
            results.append(rendered(lesson, part.text, part.line))
        elif isinstance(part, Ask) and not part.after and part is not ask:
            results.append(rendered(lesson, part.question.question, part.line))
    return results


def numbers_in(text: str) -> list[float]:
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text.replace("−", "-"))
    return [float(number) for number in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", plain)]


@pytest.mark.parametrize("name, ask", TYPED, ids=ids(TYPED))
def test_no_text_gives_an_answer_away_before_it_is_given(name, ask):
    lesson = LESSONS[name]
    values = np.ravel(solution(ask.question, lesson.names)).astype(float)
    if (values.size == 1 and abs(values[0]) <= COINCIDENCE) or (name, ask.id) in IN_SIGHT:
        return
    for text in in_sight(lesson, ask):
        found = np.array([*numbers_in(text), np.inf])
        given_away = all(np.min(np.abs(found - value)) <= max(1e-9, 0.006 * abs(value)) for value in values)
        assert not given_away, f"line {ask.line}: {values} is in sight: {text[:300]}"


# --- widgets


@pytest.mark.parametrize("name, part", SHOWN, ids=ids(SHOWN))
def test_a_widget_of_a_lesson_is_there_and_takes_its_options(name, part):
    widgets.read(part.name, LESSONS[name].options(part))


@pytest.mark.parametrize("name", widgets.names())
def test_a_widget_keeps_the_interface(name):
    widget = widgets.load(name)
    assert widget.Options.model_config["frozen"]
    assert callable(widget.show)


@pytest.mark.parametrize("name", widgets.names())
def test_a_widget_is_used_by_a_lesson(name):
    assert name in {part.name for _, part in SHOWN}


def test_the_guide_for_authors_names_every_widget():
    guide = (ROOT / "docs" / "writing-a-lesson.md").read_text()
    assert [name for name in widgets.names() if f"`{name}`" not in guide] == []


# --- pages


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in LESSONS]
)
def test_a_lesson_renders_and_takes_every_right_answer(name):
    app, lesson = visit(name), LESSONS[name]
    assert [error.value for error in app.error] == []
    for ask in [part for part in lesson.parts if isinstance(part, Ask)]:
        answer(app, lesson, ask)
        assert not app.exception, [error.value for error in app.exception]
    assert [error.value for error in app.error] == []
    assert len(app.success) == len(lesson.questions)
    assert app.session_state["progress"].get(lesson.id, []) == [ask.id for ask in lesson.questions]


# --- the whole


@pytest.mark.parametrize("language", sorted({path.parent.name for path in FILES}))
def test_every_concept_is_placed_in_its_home_and_nowhere_else(language):
    written = [lesson for name, lesson in LESSONS.items() if name.startswith(f"{language}/")]
    course = {planned.id for planned in library.plan()}
    assert misplaced([lesson for lesson in written if lesson.id in course]) == []


def test_the_ledger_has_183_concepts_and_each_is_taught():
    assert len(homes()) == 183
    assert set(homes().values()) == {f"l{number:02}" for number in range(1, 21)}
    assert set(homes().values()) < {planned.id for planned in library.plan()}
    english = [lesson for name, lesson in LESSONS.items() if name.startswith("en/")]
    assert sorted(id_ for lesson in english for id_ in lesson.head.concepts) == sorted(homes())
    assert sum(len(lesson.questions) for lesson in english) >= 200


@pytest.mark.parametrize("name", [name for name in LESSONS if not name.startswith("en/")])
def test_a_translation_has_the_same_sections_widgets_and_questions(name):
    ours, english = LESSONS[name], LESSONS[f"en/{name.split('/')[1]}"]
    assert [skeleton(part) for part in ours.parts if not isinstance(part, Prose)] == [
        skeleton(part) for part in english.parts if not isinstance(part, Prose)
    ]
    assert ours.head.concepts == english.head.concepts
    assert ours.head.expect == english.head.expect


def skeleton(part):
    if isinstance(part, Ask):
        return part.id, part.question.kind, getattr(part.question, "answer", "")
    return getattr(part, "anchor", "") or part.name


def test_the_attack_first_shown_fools_the_network_it_is_aimed_at():
    for part in LESSONS["en/l17"].parts:
        if isinstance(part, Widget) and "attack" in part.options.get("kinds", ()):
            options = broken_digit.Options.model_validate(LESSONS["en/l17"].options(part))
            said = load(broken_digit.RECORDING).array("said: attack")[options.digit]
            amount = broken_digit.fooled(options, load(broken_digit.RECORDING))
            assert said[amount, broken_digit.NETWORKS.index(options.network)].argmax() != options.digit
