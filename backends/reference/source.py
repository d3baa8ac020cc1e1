"""A network as code for ConvScope's NumPy reference: the specification from which every backend builds it."""

from collections.abc import Iterator
from textwrap import indent
from typing import Any

from core.codegen import Code, called, pair, shape_comment, written
from core.network.network import Network
from core.network.shapes import outline


INDENT = "    "
END = """
weights = initial_weights(network, seed=1)
model = backends.load("reference").build(network, weights, TrainingRecipe())
"""


def source(network: Network) -> str:
    """A script that builds `network`, its `weights` and `model`; run it in ConvScope's folder. Raises NetworkError for
    an invalid network."""
    steps = outline(network)
    listed = [indent(f"{described(layer)},", 2 * INDENT) for layer in unnamed(network)]
    body = [f"    input_shape={tuple(network.input_shape)},", "    layers=(", *listed, "    ),"]
    sizes = f"# images (N, {shape_comment(network.input_shape)}) -> (N, {shape_comment(steps[-1].output)})"
    return "\n".join([*imports(network), "", sizes, "network = Network(", *body, ")"]) + END


def unnamed(network: Network) -> tuple[Any, ...]:
    """The layers, without names that ConvScope would generate anyway."""
    bare = network.model_copy(update={"layers": tuple(without_name(layer) for layer in network.layers)})
    return bare.layers if Network.model_validate(bare.model_dump()) == network else network.layers


def without_name(layer: Any) -> Any:
    changes: dict[str, Any] = {"name": ""}
    if rows := getattr(layer, "rows", None):
        changes["rows"] = tuple(tuple(map(without_name, row)) for row in rows)
    if inner := getattr(layer, "layers", None):
        changes["layers"] = tuple(map(without_name, inner))
    return layer.model_copy(update=changes)


def described(spec: Any) -> str:
    """The call that builds `spec`, with all fields that are not defaults: Conv2D(filters=8, kernel_size=3)."""
    fields = {
        name: (value(getattr(spec, name)), value(field.get_default(call_default_factory=True)))
        for name, field in type(spec).model_fields.items()
        if name != "kind"
    }
    return called(type(spec).__name__, **{name: (given, default) for name, (given, default) in fields.items()})


def value(given: Any) -> Any:
    """The value as it appears in code: specifications as calls, a pair of equal numbers as one number."""
    if hasattr(type(given), "model_fields"):
        return Code(described(given))
    if isinstance(given, tuple) and any(hasattr(type(one), "model_fields") or isinstance(one, tuple) for one in given):
        if not any_described(given):
            return Code(repr(given))
        lines = "".join(f"{written(value(one))},\n" for one in given)
        return Code(f"(\n{indent(lines, INDENT)})")
    return pair(given) if isinstance(given, tuple) and len(given) == 2 else given


def any_described(given: Any) -> bool:
    if isinstance(given, tuple):
        return any(map(any_described, given))
    return hasattr(type(given), "model_fields")


def imports(network: Network) -> list[str]:
    """The import lines for the classes in the script."""
    classes: dict[str, set[str]] = {}
    for spec in parts(network):
        if type(spec) is not Network:
            classes.setdefault(type(spec).__module__, set()).add(type(spec).__name__)
    ours = {
        "core.experiment.experiment": {"TrainingRecipe"},
        "core.network.initial_weights": {"initial_weights"},
        "core.network.network": {"Network"},
    }
    lines = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted((classes | ours).items())]
    return ["import backends", *lines]


def parts(given: Any) -> Iterator[Any]:
    """`given` and every specification inside it that differs from its default."""
    if isinstance(given, tuple):
        for one in given:
            yield from parts(one)
    elif hasattr(type(given), "model_fields"):
        yield given
        for name, field in type(given).model_fields.items():
            inner = getattr(given, name)
            if inner != field.get_default(call_default_factory=True):
                yield from parts(inner)
