"""The scripts of the widgets as texts: where they are, how they are laid out, and that each joins into one module."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from pages.ui.component import BROWSER, joined, modules


PAGES = BROWSER.parents[1]
ROOT = PAGES.parent
SCRIPTS = sorted(PAGES.rglob("*.js"))
LONGEST = 120
SIGNS = re.compile(
    r"=>|[!=]==|\b(?:const|let) [\w{\[]|\bfunction\b.*\{|\.addEventListener\(|export default|querySelector\("
)
DECLARED = re.compile(r"^(?:async )?(?:function|class|const|let|var) (\w+)", re.MULTILINE)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def hidden_scripts(source: str) -> list[int]:
    """The lines of Python strings that are JavaScript: at least two different signs of the language."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant | ast.JoinedStr) and len(set(SIGNS.findall(text(node)))) > 1
    ]


def text(node: ast.Constant | ast.JoinedStr) -> str:
    """What stands in a string, without the values that are put into it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text(part) for part in node.values if isinstance(part, ast.Constant))
    return node.value if isinstance(node.value, str) else ""


def test_no_javascript_hides_in_a_python_string():
    assert hidden_scripts('A = """const a = 1;\\nb = (c) => c;"""') == [1]
    result = {name(path): lines for path in sorted(PAGES.rglob("*.py")) if (lines := hidden_scripts(path.read_text()))}
    assert not result


def test_no_line_of_a_script_or_a_style_is_longer_than_one_of_python():
    files = [*SCRIPTS, *sorted(PAGES.rglob("*.css"))]
    lines = [(path, number, line) for path in files for number, line in enumerate(path.read_text().split("\n"), 1)]
    assert len(files) > 60
    assert not [f"{name(path)}:{number}" for path, number, line in lines if len(line) > LONGEST]


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_and_what_it_imports_join_into_one_module(path):
    """Each file once, nothing left to import, and no name declared twice: two of them would be a syntax error."""
    module, parts = joined(path), modules(path)
    assert len(set(parts)) == len(parts)
    assert parts[-1] == path
    assert not re.findall(r"^import\b|^export (?!default)", module, re.MULTILINE)
    assert not [one for one, times in Counter(DECLARED.findall(module)).items() if times > 1]


@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.parent != BROWSER], ids=name)
def test_a_script_is_beside_the_python_file_that_mounts_it(path):
    beside = path.with_suffix(".py")
    if beside.exists():
        assert re.search(r"component\(\s*__file__", beside.read_text())
    else:
        assert any(f'with_name("{path.name}")' in one.read_text() for one in path.parent.glob("*.py"))


def test_every_shared_script_is_used():
    imported = {part for path in SCRIPTS for part in modules(path)[:-1]}
    mounted = "".join(path.read_text() for path in PAGES.rglob("*.py"))
    unused = [
        path.name
        for path in BROWSER.glob("*.js")
        if path not in imported
        and f'component("{path.stem}")' not in mounted
        and f'BROWSER / "{path.name}"' not in mounted
    ]
    assert not unused
