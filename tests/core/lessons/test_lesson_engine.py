"""The engine behind the lessons: expressions, answers, questions, parsing, a teacher's folder, a second language."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as some
from streamlit.testing.v1 import AppTest

from backends.contract.golden import G05, G06, G07, G32
from core.lessons.answers import AnswerError, read_number, read_numbers, read_shape
from core.lessons.expressions import ExpressionError, evaluate
from core.lessons.interpolation import fill, shown
from core.lessons.lesson import LessonError, parse
from core.lessons.quiz import judge, read_question
from core.lessons.vocabulary import vocabulary
from pages import widgets
from pages.learn import library
from pages.ui.hidden_controls import EVERYWHERE
from tests.support.golden import G31


ROOT = Path(__file__).parents[3]
HEAD = '+++\nid = "t"\ntitle = "T"\nminutes = 5\ngoal = "G"\n{more}+++\n'
EXAMPLE = re.search(r"````markdown\n(\+\+\+.*?)````", (ROOT / "docs/writing-a-lesson.md").read_text(), re.DOTALL)[1]


def lesson(body: str = "", more: str = ""):
    return parse(HEAD.format(more=more) + body, "t.md")


# --- expressions


@pytest.mark.parametrize(
    "text, value",
    [
        ("1 + 2 * 3", 7),
        ("x[1]", 5),
        ("-x[0] ** 2", -16),
        ("3 if x[0] > 3 else 4", 3),
        ("sum(x)", 9),
        ("10 ** 12", 10**12),
    ],
)
def test_an_expression_is_computed(text, value):
    assert evaluate(text, {**vocabulary(), "x": np.array([4, 5])}) == value


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "x.__class__",
        "[a for a in x]",
        "lambda: 1",
        "open('x')",
        "9 ** 9 ** 9",
        "x[7]",
        "(y := 1)",
        "f'{x}'",
        "1 +",
        "",
        "1 / 0",
        "sum.real",
        "x" * 600,
    ],
)
def test_what_is_not_allowed_unknown_or_impossible_is_refused_in_a_sentence(text):
    with pytest.raises(ExpressionError):
        evaluate(text, {**vocabulary(), "x": np.array([4, 5])})


def test_the_vocabulary_has_a_sentence_for_each_of_its_own_functions():
    silent = [
        name
        for name, function in vocabulary().items()
        if callable(function) and function.__module__.startswith("core.lessons.vocabulary") and not function.__doc__
    ]
    assert not silent


def test_sliding_gives_the_golden_maps():
    words = vocabulary()
    assert words["correlate"](G05["x"], G05["kernel"]).tolist() == G05["valid"]
    assert words["correlate"](G05["x"], G05["kernel"], "same").tolist() == G05["same"]
    assert words["convolve"](G06["x"], G06["kernel"]).tolist() == G06["flipped"]
    assert words["correlate"](G06["x"], G06["kernel"], stride=2).tolist() == G06["stride2"]
    assert words["correlate"](G07["x"], G07["kernel"]) == pytest.approx(np.array(G07["map"]))
    assert words["correlate"](G32["x"], [[1, 1]], "same").tolist() == G32["same_even"]
    assert [words["output_size"](*case) for case, _ in G31] == [size for _, size in G31]


def test_wrapping_around_is_circular_convolution_by_fourier():
    x, k = np.arange(30.0).reshape(5, 6) % 7, np.array([[1.0, -2, 0], [0.5, 3, 1]])
    by_fourier = np.fft.ifft2(np.fft.fft2(x) * np.fft.fft2(k, x.shape)).real
    assert vocabulary()["circular"](x, k) == pytest.approx(by_fourier)


# --- answers


@pytest.mark.parametrize(
    "text, value",
    [
        ("4", 4),
        (" −44 ", -44),
        ("32,5", 32.5),
        ("12,345", 12345),
        ("1/4", 0.25),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("99 %", 0.99),
        ("10^12", 1000000000000.0),
        ("9.5*10^-7", 9.5e-07),
        ("0,125", 0.125),
        ("1,234,567", 1234567),
        ("+3", 3),
        ("12 345", 12345),
        ("1 / 8", 0.125),
    ],
)
def test_a_number_is_read_kindly(text, value):
    assert read_number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "four", "1/0", "nan", "inf", "1 2", "__import__('os')", "9" * 500, "9^99999"])
def test_what_is_no_number_is_told_so(text):
    with pytest.raises(AnswerError):
        read_number(text)


def test_shapes_and_rows_are_read_in_many_ways():
    for text in ("15, 10, 32, 32", "(15,10,32,32)", "15x10x32x32", "[15 10 32 32]", "15 × 10 × 32 × 32"):
        assert read_shape(text) == (15, 10, 32, 32)
    for text in ("1, -2, 3.5", "[1 -2 3.5]", "1; −2; 3.5", "1,-2,3.5"):
        assert read_numbers(text) == [1, -2, 3.5]
    with pytest.raises(AnswerError):
        read_shape("N, C")


@given(some.text(max_size=60))
def test_no_text_breaks_the_reading_of_an_answer(text):
    for read in (read_number, read_numbers, read_shape):
        try:
            read(text)
        except AnswerError as error:
            assert str(error)


@given(some.floats(-1e12, 1e12))
def test_a_number_typed_with_all_its_digits_is_itself(value):
    assert read_number(repr(value)) == value


# --- questions


def test_a_known_misconception_is_named_and_an_unknown_one_is_just_wrong():
    question = read_question(
        {"question": "?", "answer": "28", "why": "padded", "wrong": [{"answer": "24", "why": "you forgot the padding"}]}
    )
    assert judge(question, "24", {}).why == "you forgot the padding"
    assert judge(question, "25", {}) == judge(question, "7", {})
    assert not judge(question, "25", {}).right
    assert judge(question, "28", {}).right
    assert judge(question, "abc", {}).unreadable


def test_whole_numbers_are_exact_and_others_have_half_a_percent_or_what_is_said():
    def right(answer: str, typed: str, **more) -> bool:
        return judge(read_question({"question": "?", "answer": answer, **more}), typed, {}).right

    assert right("44", "44")
    assert not right("44", "44.1")
    assert right("0.6373", "0.637")
    assert not right("0.6373", "0.65")
    assert right("0.6373", "0.64", tolerance=0.01)
    assert not right("44", "43", tolerance=0.5)
    assert right("[1, 2]", "1 2", kind="numbers")
    assert not right("[1, 2]", "1 2 3", kind="numbers")


# --- inside a sentence


def test_values_are_shown_as_short_as_they_are_exact():
    assert [shown(value) for value in (4.0, -44, 0.1 + 0.2, 451584, np.float64(32.5))] == [
        "4",
        "−44",
        "0.3",
        "451,584",
        "32.5",
    ]
    assert shown([1, 2.5]) == "1, 2.5"
    assert shown((3, 5, 5), "shape") == "3 × 5 × 5"
    assert shown(0.63726, ".3f") == "0.637"
    assert shown([[1, 2], [3, 4]], "matrix") == r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}"
    assert fill("a {= x[1:2] :list} b {=y}", lambda text: {"x[1:2]": [7], "y": 8}[text]) == "a 7 b 8"


# --- parsing


@pytest.mark.parametrize(
    "body, more, line, words",
    [
        ("```{quiz}\nquestion = 'x'\nanswer == 1\n```", "", 10 - 1, "not TOML"),
        ("\n```{quiz}\nquestion = 'x'\n```", "", 8, "answer"),
        ("```{quiz}\nquestion = 'x'\nanswer = '1'\nhelp = 'y'\n```", "", 7, "help is not a field"),
        ("```{Quiz}\n```", "", 7, "small letters"),
        ("```{convolution_2d}\nafter = 'g'\n```", "", 7, "no prediction 'g'"),
        ("## A {#a}\n\n## B {#a}", "", 9, "twice"),
        ("", "colour = 1\n", 1, "colour is not a field"),
        ("", "[let]\nsum = 3\n", 1, "taken"),
        ("", "[let]\na = 'b + 1'\n", 1, "no 'b'"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(body, more, line, words):
    with pytest.raises(LessonError, match=re.escape(words)) as caught:
        _ = lesson(body, more).names
    assert str(caught.value).startswith(f"lesson t.md, line {line}:"), caught.value


def test_a_file_without_a_head_is_no_lesson():
    with pytest.raises(LessonError, match="begins with a line"):
        parse("# Hello\n", "t.md")


def test_code_in_prose_stays_code():
    parts = lesson("a\n\n```python\nx = 1\n```\n\n    ## no section\n").parts
    assert len(parts) == 1
    assert "```python" in parts[0].text


def test_a_value_that_core_does_not_give_is_a_disappointment():
    wrong = lesson(more='expect = [["1 + 1", 3], ["1 + 1", 2], ["0.1 + 0.2", 0.3], ["array([1, 2])", [1, 2]]]\n')
    assert wrong.failed_expectations() == ["t.md: 1 + 1 is 2, but the lesson expects 3"]


def test_a_widget_that_is_not_there_and_options_it_does_not_take_are_told():
    with pytest.raises(widgets.WidgetError, match="no widget 'konvolution'"):
        widgets.read("konvolution", {})
    with pytest.raises(widgets.WidgetError, match="padding"):
        widgets.read("convolution_2d", {"image": [[1]], "kernel": [[1]], "padding": "wide"})
    with pytest.raises(widgets.WidgetError, match="differ in length"):
        widgets.read("convolution_2d", {"image": [[1], [1, 2]], "kernel": [[1]]})


# --- a teacher's folder


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_LESSONS", str(tmp_path / "own"))
    (tmp_path / "own").mkdir()
    return tmp_path / "own"


def open_lesson(**parameters) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app = app.switch_page("pages/learn/lesson.py")
    app.query_params.update(parameters)
    app = app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def contents(**parameters) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app = app.switch_page("pages/learn/contents.py")
    app.query_params.update(parameters)
    app = app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def said(app: AppTest) -> str:
    return "\n".join(str(e.value) for kind in ("markdown", "error", "info", "success") for e in getattr(app, kind))


def test_the_example_of_the_guide_is_a_lesson_of_a_teachers_folder(own):
    (own / "echo.md").write_text(EXAMPLE)
    assert parse(EXAMPLE, "echo.md").failed_expectations() == []
    app = open_lesson(lesson="echo")
    assert app.title[0].value == "A kernel that blurs"
    assert not app.error
    assert "One bright pixel of 9" in said(app)
    assert "$w = 0.111$" in said(app)
    assert "Make your guess above" in said(app)
    assert app.get("bidi_component") != []
    app.text_input("echo-middle-field").set_value("9")
    app.button("echo-middle-check").click().run()
    assert "The weight in the middle is 1/9, not 1." in said(app)
    assert "Make your guess above" not in said(app)
    app.text_input("echo-q1-field").set_value("5")
    app.button("echo-q1-check").click().run()
    assert "That would need a border of zeros." in said(app)
    app.text_input("echo-q1-field").set_value("3")
    app.button("echo-q1-check").click().run()
    assert "$5 - 3 + 1 = 3$" in app.success[0].value
    assert app.session_state["progress"] == {"echo": ["q1"]}
    assert "More lessons" in [header.value for header in contents().header]


def test_lessons_come_in_the_order_of_the_course_and_a_teachers_own_after_it(own):
    (own / "a.md").write_text(HEAD.format(more=""))
    order = list(library.lessons())
    assert order[:2] == ["start", "l01"]
    assert order[-2:] == ["l20", "t"]


def test_an_option_that_is_a_bare_formula_gets_a_letter(own):
    asked = '```{quiz}\nkind = "choice"\nquestion = "Which?"\n'
    options = '[[option]]\ntext = "$n$"\nright = true\n[[option]]\ntext = "only $n$"\n```\n'
    (own / "t.md").write_text(HEAD.format(more="") + asked + options)
    assert open_lesson(lesson="t").radio("t-q1-field").options == ["A: $n$", "only $n$"]


def test_a_broken_lesson_says_so_and_harms_no_other(own):
    (own / "broken.md").write_text("no head")
    (own / "echo.md").write_text(
        EXAMPLE.replace('"=blur"', '"=blurr"').replace("{= largest(spot)}", "{= larges(spot)}")
    )
    app = contents()
    assert "broken\\.md" in said(app)
    assert "line 1" in said(app)
    app = open_lesson(lesson="echo")
    app.button("echo-middle-skip").click().run()
    reported = [error.value for error in app.error]
    assert len(reported) == 2
    assert all("lesson echo.md, line" in words for words in reported)


def test_an_unknown_lesson_says_so():
    assert "There is no lesson 'l99'" in said(open_lesson(lesson="l99"))


# --- languages


def test_a_lesson_in_another_language_is_found_and_what_lacks_comes_in_english(own):
    (own / "echo.md").write_text(EXAMPLE)
    (own / "only.md").write_text(EXAMPLE.replace('"echo"', '"only"'))
    (own / "de").mkdir()
    (own / "de" / "echo.md").write_text(EXAMPLE.replace("A kernel that blurs", "Ein Kern, der verwischt"))
    assert open_lesson(lesson="echo", lang="de").title[0].value == "Ein Kern, der verwischt"
    assert open_lesson(lesson="echo").title[0].value == "A kernel that blurs"
    app = contents(lang="de")
    assert app.title[0].value == "Lektionen"
    assert "noch nicht auf Deutsch" not in said(open_lesson(lesson="echo", lang="de"))
    app = open_lesson(lesson="only", lang="de")
    assert app.title[0].value == "A kernel that blurs"
    assert "noch nicht auf Deutsch" in said(app)


# --- a teacher's link


def test_a_teachers_link_leaves_out_what_it_names(own):
    (own / "echo.md").write_text(EXAMPLE)
    app = open_lesson(lesson="echo")
    app.button("echo-middle-skip").click().run()
    assert [box.key for box in app.selectbox if box.key.endswith("-padding")]
    assert len(app.text_input) == 2
    app = open_lesson(lesson="echo", hide="padding,quiz")
    app.button("echo-middle-skip").click().run()
    assert not [box for box in app.selectbox if box.key.endswith("-padding")]
    assert len(app.text_input) == 1
    app = open_lesson(lesson="echo")
    assert not app.multiselect
    app.session_state["echo-teachers"] = True
    assert set(EVERYWHERE) <= set(app.run().multiselect("echo-hide").options)


# --- progress


def test_progress_is_saved_loaded_and_forgotten():
    app = contents()
    app.file_uploader("load-progress").upload("p.json", b'{"l06": ["q1", "finished"]}').run()
    assert app.session_state["progress"] == {"l06": ["q1", "finished"]}
    assert "done" in said(app)
    app.file_uploader("load-progress").upload("bad.json", b"[1]").run()
    assert "is not a progress file" in said(app)
    app.button("forget").click().run()
    assert app.session_state["progress"] == {}
