"""The house: on which floor each room lies, and that imports only go down; seen in the source and in a process."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import backends


ROOT = Path(__file__).resolve().parent.parent
FRAMEWORKS = {"torch", "tensorflow", "keras"}
BROUGHT = {"tensorflow": {"keras"}}
"""Frameworks that another one brings along."""
BACKENDS = {
    name: {backends.about(name).REQUIRES} | BROUGHT.get(name, set())
    for name in backends.names()
    if (ROOT / "backends" / name).is_dir()
}
"""Our own backends, with what each may import."""


FLOORS = {
    "core": (
        "arrays codegen hardware random spec",
        "files ratio",
        "data recipe",
        "network",
        "backend experiment numerics",
        "demos explain metrics training",
        "drafts formulas recordings runs",
        "transfer",
        "figures lessons",
    ),
    "core/data": (
        "dataset dataset_info",
        "formats preparation",
        "recipe sources",
        "catalogue new_image splits",
        "prepared",
        "part_sizes preview",
    ),
    "core/demos": ("images learning", "signals"),
    "core/lessons": ("answers expressions vocabulary", "interpolation quiz", "lesson"),
    "pages": ("recorded ui", "widgets", "parts", "home lab learn"),
    "pages/parts": ("session", "runs", "evaluate transfer", "explore imbalance", "data train", "build"),
    "backends": (
        "contract fresh_process host pytorch reference tensorflow",
        "dashboard executors",
        "command_line throughput",
        "__main__",
    ),
}
"""From the ground up. A room (a folder, or a file beside the folders) imports rooms of lower floors only, never one on
its own floor or above. Rooms of other folders have no floors: their files do not import each other's folders."""


def imports(path: Path) -> set[str]:
    """Dotted names that a file imports, wherever in the file."""
    result = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            result |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} uses a relative import"
            result |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return result


def touches(path: Path, *forbidden: str) -> set[str]:
    return {name for name in imports(path) if any(name == f or name.startswith(f + ".") for f in forbidden)}


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def rooms(house: str) -> set[str]:
    """Names of the folders with Python in them, and of the files beside them."""
    return {
        path.stem
        for path in (ROOT / house).iterdir()
        if path.name != "__init__.py" and (path.suffix == ".py" or any(path.glob("**/*.py")))
    }


def used_rooms(house: str, room: str) -> set[str]:
    """The other rooms of the same house that the files of this one import."""
    prefix = house.replace("/", ".") + "."
    folder = ROOT / house / room
    paths = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    names = {name for path in paths for name in imports(path)}
    return {name.removeprefix(prefix).split(".")[0] for name in names if name.startswith(prefix)} & rooms(house) - {
        room
    }


@pytest.mark.parametrize("house", FLOORS)
def test_every_room_has_one_floor(house):
    listed = " ".join(FLOORS[house]).split()
    assert sorted(listed) == sorted(rooms(house)), "name the new room in FLOORS, or take the old one out"


@pytest.mark.parametrize("house", FLOORS)
def test_imports_only_go_down(house):
    upward = {
        f"{house}/{room}": above
        for number, floor in enumerate(FLOORS[house])
        for room in floor.split()
        if (above := used_rooms(house, room) - set(" ".join(FLOORS[house][:number]).split()))
    }
    assert upward == {}


def test_no_folder_imports_one_that_imports_it():
    """In the folders that have no list of floors."""
    circles = []
    for house in sorted({str(path.parent.relative_to(ROOT)) for path in files("core", "pages", "backends")}):
        folders = {room for room in rooms(house) if (ROOT / house / room).is_dir()}
        uses = {room: used_rooms(house, room) & folders for room in folders}
        circles += [f"{house}: {a} <-> {b}" for a in sorted(folders) for b in uses[a] if a < b and a in uses[b]]
    assert circles == []


@pytest.mark.parametrize("path", files("core"), ids=lambda p: str(p.relative_to(ROOT)))
def test_core_knows_no_framework_no_page_and_no_backend(path):
    assert not touches(path, "streamlit", "backends", "pages", *FRAMEWORKS)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_imports_core_itself_and_its_framework(name):
    siblings = [f"backends.{other}" for other in BACKENDS if other != name]
    for path in files(f"backends/{name}"):
        assert not touches(path, "streamlit", "pages", *(FRAMEWORKS - BACKENDS[name]), *siblings), path


@pytest.mark.parametrize("path", [*files("pages"), ROOT / "streamlit_app.py", ROOT / "serve.py"], ids=lambda p: p.name)
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


def test_every_image_and_file_that_the_readme_names_is_there():
    text = (ROOT / "README.md").read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_nothing_imports_a_test_module():
    """What tests share is in tests/support. Only the test that plants faults needs the checks that must see them."""
    faults = ROOT / "tests/backends/contract/test_faults.py"
    borrowed = {
        str(path.relative_to(ROOT)): names
        for path in files("tests", "backends", "tools", "benchmarks")
        if path != faults and (names := {name for name in imports(path) if re.search(r"(^|\.)test_\w+", name)})
    }
    assert borrowed == {}


def test_what_tests_share_holds_no_tests_and_the_contract_suite_nothing_but_core_and_backends():
    shared = [path for path in files("tests/support", "backends/contract") if not path.name.startswith("test_")]
    assert len(shared) > 15
    assert [path for path in shared if re.search(r"^\s*(def|class) [Tt]est", path.read_text(), re.M)] == []
    assert not list((ROOT / "tests/support").glob("test_*"))
    assert "contract" not in backends.names()
    for path in files("backends/contract"):
        assert not touches(path, "tests", "pages", "tools", "benchmarks", "streamlit", *FRAMEWORKS), path
