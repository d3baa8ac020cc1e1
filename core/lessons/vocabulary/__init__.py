"""The functions and constants that an expression in a lesson may use: everything in `__all__` of the modules here.

To add a subject, add a file; there is no registration. All lessons share the names, so each name must be unique.
Functions take lists or arrays and return plain numbers, strings or float64 arrays.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType, ModuleType


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, object]:
    """Everything an expression may use, by name. Raises ImportError when two files define the same name."""
    result: dict[str, object] = {}
    for module in _modules():
        for name in module.__all__:
            if name in result:
                raise ImportError(
                    f"{module.__name__} defines {name!r}, which another file of core/lessons/vocabulary has"
                )
            result[name] = getattr(module, name)
    return MappingProxyType(result)


def _modules() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names]
