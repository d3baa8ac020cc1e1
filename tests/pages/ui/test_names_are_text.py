"""Names from strangers are text: no Markdown, no HTML, no formula of a spreadsheet, no end of a chart."""

import csv
import io

import numpy as np
import pytest
from markdown_it import MarkdownIt

from core.figures.labels import literal
from core.figures.samples import class_counts
from pages.ui.formatting import plain
from pages.ui.number_table import csv_text


NAMES = (
    *("$5 to $10", "**bold** _it_", ":red[hot] :smile:", "<b>tag</b>", "[link](#x)", "=1+1", "-2", "ÄÖÜ 猫 😀", "a∕b"),
    *("`code`", "~~gone~~", "# head", "1. one", "a|b", r"back\slash", "![x](http://x.y/z.png)", "&amp;", "__init__"),
)


@pytest.mark.parametrize("name", NAMES)
def test_markdown_shows_a_name_as_it_stands(name):
    (paragraph,) = [
        token for token in MarkdownIt().enable("strikethrough").parse(plain(name)) if token.type == "inline"
    ]
    assert {child.type for child in paragraph.children} <= {"text", "text_special"}
    assert "".join(child.content for child in paragraph.children) == name


def test_only_what_can_be_escaped_gets_a_backslash():
    assert plain("x 😀 ∕ ÄÖ") == "x 😀 ∕ ÄÖ"
    assert plain("$1") == r"\$1"


def test_a_saved_table_computes_nothing():
    text = csv_text({"class": ["=1+1", "+2", "@x", "cat"], "n": np.array([-1, 2, 3, 4])})
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+2", "'@x", "cat"]
    assert [row[1] for row in rows[1:]] == ["-1", "2", "3", "4"]


def test_a_chart_shows_a_name_as_it_stands_and_cuts_a_long_one():
    assert literal("<b>$5</b> & more") == "&lt;b&gt;&#36;5&lt;/b&gt; &amp; more"
    assert literal("a" * 90) == "a" * 23 + "…"
    names = ["a" * 90, "a" * 91, "<i>"]
    counts = {part: np.arange(3) for part in ("train", "validation", "test")}
    figure = class_counts(names, counts)
    assert len(figure.data[0].x) == 3, "two long names that begin alike stay two bars"
    assert figure.layout.xaxis.ticktext[2] == "&lt;i&gt;"
