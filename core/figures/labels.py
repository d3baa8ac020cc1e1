"""Names from strangers in a chart: Plotly takes <b> and &amp; for HTML, and a long name pushes the chart aside."""

LONGEST = 24


def literal(name: str, longest: int = LONGEST) -> str:
    """The name as it stands, cut to `longest` letters; a text that starts and ends with $ is no formula."""
    short = name if len(name) <= longest else name[: longest - 1] + "…"
    escaped = short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("$", "&#36;")
