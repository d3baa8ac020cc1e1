"""What pydantic finds wrong with an experiment, in words: where, what, what came."""

from pydantic import ValidationError

from core.network.errors import NetworkError


def explain(error: ValidationError) -> str:
    """Pydantic's findings as words: where, what is wrong, what came. At most four of them."""
    findings = list(dict.fromkeys(_finding(finding) for finding in error.errors(include_url=False)))
    more = f" (and {len(findings) - 4} more)" if len(findings) > 4 else ""
    return "; ".join(findings[:4]) + more


def _finding(result) -> str:
    where = _where(result["loc"])
    if isinstance(cause := result.get("ctx", {}).get("error"), Exception):
        return str(cause) if isinstance(cause, NetworkError) or not where else f"{where}: {cause}"
    if result["type"] == "json_invalid":
        return f"it is not JSON ({cause})"
    where = where or "the text"
    if result["type"] == "extra_forbidden":
        return f"{where} is not a field I know"
    came = "" if isinstance(result["input"], dict | list) else f", got {result['input']!r:.60}"
    rule = result["msg"].replace("Input should", "must")
    return f"{where}: {rule[0].lower()}{rule[1:]}{came}"


def _where(position: tuple) -> str:
    """("network", "layers", 0, "conv2d", "kernel_size", 1) -> "layer 1 (conv2d), kernel"; elsewhere with dots."""
    match position:
        case ("network", "layers", *inside):
            return _where_inside(tuple(inside))
        case ("data", "augmentation", int(number), str(kind), *field):
            return ", ".join([f"transform {number + 1} ({kind})", *[str(part) for part in field[:1]]])
        case ("data", "scaling", _):
            return "scaling"
        case (outer, "optimizer" | "scaling" | "loss" | "schedule" as inner, _, field):
            return f"{outer}.{inner}.{field}"
    return ".".join(str(part) for part in position)


def _where_inside(position: tuple) -> str:
    """The same from within a row of layers, through blocks: (2, "branches", "rows", 1, 0, "dense", "units") -> "layer 3
    (branches), branch 2, layer 1 (dense), units"."""
    match position:
        case (int(number), "residual", "layers", int(_), *_):
            return f"layer {number + 1} (residual), {_where_inside(position[3:])}"
        case (int(number), "branches", "rows", int(row), int(_), *_):
            return f"layer {number + 1} (branches), branch {row + 1}, {_where_inside(position[4:])}"
        case (int(number), str(kind), *field):
            return ", ".join([f"layer {number + 1} ({kind})", *[str(part) for part in field[:1]]])
        case (int(number),):
            return f"layer {number + 1}"
    return ".".join(["network.layers", *map(str, position)])
