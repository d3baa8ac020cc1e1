"""Small expressions in a lesson, computed by core: only arithmetic, subscripts and calls of known names."""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np


LONGEST = 500
"""Characters in an expression."""
LARGEST_EXPONENT = 400
_ALLOWED = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Tuple, ast.List, ast.Subscript, ast.Slice, ast.IfExp),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult),
    *(ast.UnaryOp, ast.USub, ast.UAdd, ast.Not, ast.BoolOp, ast.And, ast.Or),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Call, ast.keyword),
)


class ExpressionError(ValueError):
    """An expression that cannot be computed; the message is one sentence."""


def evaluate(text: str, names: Mapping[str, object]) -> Any:
    """Compute `text` with these names and nothing else: no attributes, no imports, no Python built-ins.

    Raises ExpressionError when the expression is not allowed, uses an unknown name, or fails while it is computed.
    """
    tree = _Powers().visit(_read(text, names))
    try:
        return eval(
            compile(ast.fix_missing_locations(tree), "<lesson>", "eval"),
            {"__builtins__": {}, **names, "_power": _power},
        )
    except ExpressionError:
        raise
    except Exception as error:
        raise ExpressionError(f"`{text}` cannot be computed: {error}") from None


def _read(text: str, names: Mapping[str, object]) -> ast.Expression:
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression may have at most {LONGEST} characters; this one has {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"`{text}` is not an expression") from None
    for node in ast.walk(tree):
        _check(node, text, names)
    return tree


def _check(node: ast.AST, text: str, names: Mapping[str, object]) -> None:
    if not isinstance(node, _ALLOWED):
        raise ExpressionError(f"`{text}` contains a {type(node).__name__}, which is not allowed in a lesson")
    if isinstance(node, ast.Call) and not isinstance(node.func, ast.Name):
        raise ExpressionError(f"`{text}` calls something that is not a plain name")
    if isinstance(node, ast.Name) and node.id not in names:
        raise ExpressionError(
            f"`{text}`: there is no {node.id!r}; define it in [let] or in a file of core/lessons/vocabulary"
        )


class _Powers(ast.NodeTransformer):
    """Turns a ** b into a call of `_power`, which refuses numbers with a million digits."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow):
            return ast.Call(ast.Name("_power", ast.Load()), [node.left, node.right], [])
        return node


def _power(base: Any, exponent: Any) -> Any:
    if np.max(np.abs(exponent)) > LARGEST_EXPONENT or np.max(np.abs(base)) > 1e100:
        raise ExpressionError(f"{base} ** {exponent} is too large")
    return base**exponent
