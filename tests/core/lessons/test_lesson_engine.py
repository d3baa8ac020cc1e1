"""The engine behind the lessons: expressions, answers, questions, parsing, a teacher's folder, a second language."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as some
from streamlit.testing.v1 import AppTest

from backends.contract.golden import G05, G06, G07, G32
from core.lessons.answers import AnswerError, read_number, read_numbers, read_shape, readings
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
        ("0.25^10", 0.25**10),
        ("2/3", 2 / 3),
        ("= 5", 5),
        ("(5)", 5),
        ("1.25.", 1.25),
        ("0,01", 0.01),
        ("9.5 × 10⁻⁷", 9.5e-07),
        ("10^{-6}", 1e-06),
        ("0.000001", 1e-06),
        ("28 * 28", 784),
        ("−1/2", -0.5),
        ("24px", 24),
        ("8000 per second", 8000),
        ("12'345", 12345),
        ("y = 5", 5),
        ("ca. 5", 5),
        ("45 percent", 0.45),
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
    for text in ("(12, 8, 8)", "H1 = 12 x 8 x 8", "12×8×8", "12 by 8 by 8", "12 * 8 * 8"):
        assert judge(read_question({"question": "?", "kind": "shape", "answer": "[12, 8, 8]"}), text, {}).right, text
    with pytest.raises(AnswerError):
        read_shape("N, C")


@pytest.mark.parametrize(
    "text, values",
    [
        *[(text, [48, 48]) for text in ("48,48", "(48,48)", "48 48", "48 x 48", "48 and 48", "row 48, column 48")],
        *[(text, [3, 6]) for text in ("3,6", "[3,6]", "3 and 6", "3; 6", "{3, 6}", "3\n6", "3 6.")],
        *[(text, [0, 0]) for text in ("0,0", "y = 0, z = 0")],
        *[(text, [-2, 2]) for text in ("(-2,2)", "−2, +2", "- 2, 2", "[-2 2]")],
        *[(text, [100, 184, 12, 45]) for text in ("[[100,184],[12,45]]", "100 184; 12 45", "100,184,12,45")],
        *[(text, [0.6, 0.36, 0.216]) for text in ("0,6 0,36 0,216", "0,6, 0,36, 0,216", "0.6,0.36,0.216")],
        *[(text, [2304, 6912]) for text in ("2,304 and 6,912", "2304,6912", "2,304, 6,912", "2 304; 6 912")],
    ],
)
def test_several_numbers_are_read_as_they_are_typed(text, values):
    question = read_question({"question": "?", "kind": "numbers", "answer": str(values)})
    assert judge(question, text.replace("row ", "").replace("column ", ""), {}).right


def test_a_percent_sign_is_a_share_and_where_the_question_asks_for_percent_it_may_be_left_out():
    share = read_question({"question": "?", "answer": "0.45"})
    percent = read_question({"question": "?", "answer": "45", "unit": "%"})
    pair = read_question({"question": "?", "kind": "numbers", "answer": "[16.4, 26.2]", "unit": "%"})
    assert [judge(share, text, {}).right for text in ("0.45", "45 %", "45%", "45 percent", "45", "0.45 %")] == [
        *[True] * 4,
        *[False] * 2,
    ]
    assert [judge(percent, text, {}).right for text in ("45", "45 %", "45 percent", "0.45")] == [*[True] * 3, False]
    assert judge(pair, "16.4 %, 26.2 %", {}).right
    assert judge(pair, "16,4 % und 26,2 %", {}).right


@pytest.mark.parametrize(
    "asked, text, words",
    [
        ({"answer": "5"}, "four", "I do not understand “four”"),
        ({"answer": "5"}, "3 or 4", "I read 3, but not “or”"),
        ({"answer": "5"}, "3 4", "I read 2 numbers, 3 and 4; write one number"),
        ({"answer": "[1, 2]", "kind": "numbers"}, "7", "I read one number, 7; write 2 numbers"),
        ({"answer": "[1, 2]", "kind": "shape"}, "1.5 x 2", "a shape has only whole numbers"),
    ],
)
def test_what_cannot_be_read_says_what_was_understood(asked, text, words):
    verdict = judge(read_question({"question": "?", **asked}), text, {})
    assert verdict.unreadable
    assert words in verdict.why


def test_a_wrong_answer_says_what_was_read_where_that_is_not_plain():
    question = read_question({"question": "?", "answer": "5"})
    assert judge(question, "10^2", {}).why == "I read one number, 100."
    assert judge(question, "100", {}).why == ""


NUMBERS = some.floats(-1e9, 1e9).map(lambda value: float(f"{value:.6g}"))
WAYS = {
    "plain": lambda values: " ".join(f"{value:.12g}" for value in values),
    "commas": lambda values: ", ".join(f"{value:.12g}" for value in values),
    "tight": lambda values: ",".join(f"{value:.12g}" for value in values),
    "semicolons": lambda values: "; ".join(f"{value:.12g}" for value in values),
    "and": lambda values: " and ".join(f"{value:.12g}" for value in values),
    "brackets": lambda values: "[[" + "],[".join(f"{value:.12g}" for value in values) + "]]",
    "print": lambda values: "(" + ", ".join(f"{value:.12g}".replace("-", "−") for value in values) + ")",
    "decimal commas": lambda values: "; ".join(f"{value:.12g}".replace(".", ",") for value in values),
    "thousands": lambda values: " ".join(f"{value:,.12g}" for value in values),
    "science": lambda values: " ".join(f"{value:.12e}" for value in values),
    "powers": lambda values: " ; ".join("{} × 10^{}".format(*f"{value:.12e}".split("e")) for value in values),
    "labels": lambda values: ", ".join(f"x{k} = {value:.12g}" for k, value in enumerate(values)),
}


@given(some.lists(NUMBERS, min_size=1, max_size=6), some.sampled_from(sorted(WAYS)))
def test_numbers_written_in_any_of_twelve_ways_are_read_as_themselves(values, way):
    question = read_question({"question": "?", "kind": "numbers", "answer": str(values), "tolerance": 0})
    exact = [reading.numbers for reading in readings(WAYS[way](values)) if len(reading.numbers) == len(values)]
    assert any(numbers == pytest.approx(values, rel=1e-9) for numbers in exact), WAYS[way](values)
    assert judge(question, WAYS["plain"](values), {}).right


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


def test_whole_numbers_are_exact_and_others_have_their_slack_or_what_is_said():
    def right(answer: str, typed: str, **more) -> bool:
        return judge(read_question({"question": "?", "answer": answer, **more}), typed, {}).right

    assert right("44", "44")
    assert not right("44", "44.1")
    assert right("0.6373", "0.637")
    assert not right("0.6373", "0.65")
    assert right("2 / 3", "0.67")
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
    assert open_lesson(lesson="t").radio("t-q1-field").options == ["A: $n$", "B: only $n$"]


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


def test_a_bad_option_is_explained_without_the_words_of_python():
    with pytest.raises(widgets.WidgetError) as caught:
        widgets.read("convolution_2d", {"image": [[1]], "kernel": [[1]], "stride": "two"})
    with pytest.raises(widgets.WidgetError) as of_core:
        widgets.read("convolution_2d", {"image": [[1]], "kernel": [[1]], "stride": np.float64(1.5)})
    assert "must be a whole number" in str(caught.value)
    assert "parse" not in str(caught.value)
    assert "np." not in str(of_core.value)
