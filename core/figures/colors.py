"""The visual grammar: one colour for each part a convolution plays, the same in pictures, formulas and text."""

LIGHT = {"input": "#2F6FDE", "kernel": "#C96A00", "output": "#23875A", "gradient": "#8036D9"}
DARK = {"input": "#6FA1FF", "kernel": "#F29B38", "output": "#4CBF8B", "gradient": "#B48CFF"}


def css(part: str) -> str:
    """The colour of a part as the page's theme has it now, light or dark."""
    names = {"input": "blue", "kernel": "orange", "output": "green", "gradient": "violet"}
    return f"var(--st-{names[part]}-color, {LIGHT[part]})"
