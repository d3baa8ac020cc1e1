"""The registry of backends. Imports no framework.

A backend is a folder here with LABEL, REQUIRES, COLOR and DASH in its __init__.py and BACKEND in its model.py, or a
package registered under the entry point group "convscope.backends". An optional ENVIRONMENT in its __init__.py holds
environment variables that must be set before its framework is imported.
"""

import os
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version as installed_version
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType
from typing import cast

from core.backend import Backend, BackendError
from core.network.layers import Sides
from core.network.network import Network


@cache
def names() -> tuple[str, ...]:
    """All backends: the reference first, the others in alphabetical order. Cached, since finding packages takes
    milliseconds."""
    ours = {module.name for module in iter_modules(__path__) if module.ispkg and _is_backend(f"backends.{module.name}")}
    others = {point.name for point in entry_points(group="convscope.backends")}
    return tuple(sorted(ours | others, key=lambda name: (name != "reference", name)))


@cache
def about(name: str) -> ModuleType:
    """The backend's package: LABEL, REQUIRES (the module it imports), COLOR and DASH of its curves."""
    if name not in names():
        raise BackendError(f"there is no backend called {name!r}; choose from {', '.join(names())}")
    return import_module(_package(name))


@cache
def missing(name: str) -> str | None:
    """None if the framework is installed, otherwise a sentence on how to install it. Imports nothing."""
    needs = about(name).REQUIRES
    if find_spec(needs) is not None:
        return None
    return f"the {name} backend needs {needs}, which is not installed: pip install -r requirements.txt"


@cache
def version(name: str) -> str:
    """The version of the installed framework, from its package metadata; the framework is not imported."""
    try:
        return installed_version(about(name).REQUIRES)
    except PackageNotFoundError:
        return "not installed"


def convolution_lines(sides: Sides, stride: int, dilation: int, flip: bool, border: str) -> dict[str, str]:
    """{label: code} for every backend that can write a convolution as code: one with a convolution_line.py, which has
    `convolution` and imports no framework. `sides` is the padding ((top, bottom), (left, right)) in cells, `border` is
    "zero" or "wrap"."""
    result = {}
    for name in names():
        if find_spec(f"{_package(name)}.convolution_line") is not None:
            lines = import_module(f"{_package(name)}.convolution_line")
            result[about(name).LABEL] = lines.convolution(sides, stride, dilation, flip, border)
    return result


def writers() -> list[str]:
    """The backends that can write a network as code."""
    return [name for name in names() if _writes(name)]


def source(name: str, network: Network) -> str:
    """A network as code of a backend, from `source` in its source.py, which imports no framework. Raises BackendError
    if the backend has no source.py, NetworkError for an invalid network."""
    label = about(name).LABEL
    if not _writes(name):
        raise BackendError(f"{label} cannot write a network as code; choose from {', '.join(writers())}")
    return cast(str, import_module(f"{_package(name)}.source").source(network))


def _writes(name: str) -> bool:
    return find_spec(f"{_package(name)}.source") is not None


def load(name: str) -> Backend:
    """Imports the framework. Raises BackendError if it is not installed or its import fails."""
    if (problem := missing(name)) is not None:
        raise BackendError(problem)
    os.environ.update(getattr(about(name), "ENVIRONMENT", {}))
    try:
        return cast(Backend, import_module(f"{_package(name)}.model").BACKEND)
    except ImportError as error:
        raise BackendError(f"{about(name).LABEL} is installed, but importing it failed: {error}") from error


@cache
def _package(name: str) -> str:
    """The import path of a backend's package. Cached, like `names`."""
    others = {point.name: point.value for point in entry_points(group="convscope.backends")}
    return others.get(name, f"backends.{name}")


def _is_backend(module: str) -> bool:
    return find_spec(f"{module}.model") is not None
