"""The registry: which backends there are. Imports no framework.

A backend is a folder here with LABEL, REQUIRES, COLOR and DASH in its __init__.py and BACKEND in its model.py, or a
package that an entry point of the group "convscope.backends" names. ENVIRONMENT in its __init__.py, if it has one, are
environment variables that must be set before its framework is imported.
"""

import os
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version as installed_version
from importlib.util import find_spec
from pkgutil import iter_modules

from core.backend import Backend, BackendError


@cache
def names() -> tuple[str, ...]:
    """The reference first, then the others by name. Looked for once: finding packages takes milliseconds."""
    ours = {module.name for module in iter_modules(__path__) if module.ispkg and _is_backend(f"backends.{module.name}")}
    others = {point.name for point in entry_points(group="convscope.backends")}
    return tuple(sorted(ours | others, key=lambda name: (name != "reference", name)))


@cache
def about(name: str):
    """The backend's package: LABEL, REQUIRES (the import it needs), COLOR and DASH of its curves."""
    if name not in names():
        raise BackendError(f"there is no backend called {name!r}; there are {', '.join(names())}")
    return import_module(_package(name))


@cache
def missing(name: str) -> str | None:
    """None when its framework is installed, else what to do. Imports nothing."""
    needs = about(name).REQUIRES
    if find_spec(needs) is not None:
        return None
    return f"the {name} backend needs {needs}, which is not installed: pip install -r requirements.txt"


@cache
def version(name: str) -> str:
    """Of the installed framework, read from its package metadata without importing it."""
    try:
        return installed_version(about(name).REQUIRES)
    except PackageNotFoundError:
        return "not installed"


def convolution_lines(sides, stride: int, dilation: int, flip: bool, border: str) -> dict[str, str]:
    """{label: code} of the backends that say how a convolution is written in them: a convolution_line.py with `convolution`, which
    imports no framework. `sides` are ((top, bottom), (left, right)) in cells; `border` "zero" or "wrap"."""
    result = {}
    for name in names():
        if find_spec(f"{_package(name)}.convolution_line") is not None:
            lines = import_module(f"{_package(name)}.convolution_line")
            result[about(name).LABEL] = lines.convolution(sides, stride, dilation, flip, border)
    return result


def writers() -> list[str]:
    """The backends that write a network in their own words."""
    return [name for name in names() if _writes(name)]


def source(name: str, network) -> str:
    """A network in a backend's own words: its source.py, which imports no framework, has `source`. Raises BackendError
    where it has none, NetworkError for a network that cannot be."""
    label = about(name).LABEL
    if not _writes(name):
        raise BackendError(f"{label} does not say how a network is written in it")
    return import_module(f"{_package(name)}.source").source(network)


def _writes(name: str) -> bool:
    return find_spec(f"{_package(name)}.source") is not None


def load(name: str) -> Backend:
    """Imports the framework. Raises BackendError when it is not installed or does not import."""
    if (sentence := missing(name)) is not None:
        raise BackendError(sentence)
    os.environ.update(getattr(about(name), "ENVIRONMENT", {}))
    try:
        return import_module(f"{_package(name)}.model").BACKEND
    except ImportError as error:
        raise BackendError(f"{about(name).LABEL} is installed but does not import: {error}") from error


@cache
def _package(name: str) -> str:
    """Looked for once, as `names` are."""
    others = {point.name: point.value for point in entry_points(group="convscope.backends")}
    return others.get(name, f"backends.{name}")


def _is_backend(module: str) -> bool:
    return find_spec(f"{module}.model") is not None
