"""What an expression in a lesson may call: every public function and constant that a module of this folder defines.

A new subject is a new file here; nothing is registered. Names are known to all lessons, so no two files share one.
Functions take lists or arrays and give plain numbers, strings or arrays in float64.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType, ModuleType


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, object]:
    """By name. Raises ImportError when two files define the same name."""
    result: dict[str, object] = {}
    for module in _modules():
        for name in module.__all__:
            if name in result:
                raise ImportError(f"{module.__name__} defines {name!r}, which another file of core/vocabulary has")
            result[name] = getattr(module, name)
    return MappingProxyType(result)


def _modules() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names]
