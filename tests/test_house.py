"""The directions between the rooms: who may import whom, read from the source and seen in a fresh process."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).resolve().parent.parent
FRAMEWORKS = {"torch", "tensorflow", "keras"}
BACKENDS = {"reference": {"numpy"}, "pytorch": {"torch"}, "tensorflow": {"tensorflow", "keras"}}


def imports(path: Path) -> set[str]:
    """Dotted names that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} uses a relative import"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def touches(path: Path, *forbidden: str) -> set[str]:
    return {name for name in imports(path) if any(name == f or name.startswith(f + ".") for f in forbidden)}


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", files("core"), ids=lambda p: str(p.relative_to(ROOT)))
def test_core_knows_no_framework_no_page_and_no_backend(path):
    assert not touches(path, "streamlit", "backends", "pages", *FRAMEWORKS)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_imports_core_itself_and_its_framework(name):
    siblings = [f"backends.{other}" for other in BACKENDS if other != name]
    for path in files(f"backends/{name}"):
        assert not touches(path, "streamlit", "pages", *(FRAMEWORKS - BACKENDS[name]), *siblings), path


@pytest.mark.parametrize("path", files("pages") + [ROOT / "streamlit_app.py", ROOT / "serve.py"], ids=lambda p: p.name)
def test_a_page_imports_core_the_registry_and_the_executor_only(path):
    assert not touches(path, *FRAMEWORKS, *(f"backends.{name}" for name in BACKENDS))


@pytest.mark.parametrize("path", [ROOT / "backends/__init__.py", *files("backends/executors")], ids=lambda p: p.name)
def test_the_registry_and_the_executors_import_no_framework(path):
    assert not touches(path, *FRAMEWORKS, "streamlit")


def test_listing_backends_and_reading_versions_loads_no_framework():
    code = (
        "import sys, backends, backends.executors.local\n"
        "for name in backends.names(): backends.missing(name); backends.version(name); backends.about(name)\n"
        "print(sorted({'torch', 'tensorflow', 'keras'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_every_module_says_in_its_first_line_what_lives_there():
    silent = [
        str(path.relative_to(ROOT))
        for path in files("core", "backends", "pages", "benchmarks", "tests")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_every_picture_and_file_that_the_readme_names_is_there():
    text = (ROOT / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links and [link for link in links if not (ROOT / link).exists()] == []
