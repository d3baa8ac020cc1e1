"""The visual grammar: one colour for each role in a convolution, the same in figures, formulas and text."""

LIGHT = {"input": "#2F6FDE", "kernel": "#C96A00", "output": "#23875A", "gradient": "#8036D9"}
DARK = {"input": "#6FA1FF", "kernel": "#F29B38", "output": "#4CBF8B", "gradient": "#B48CFF"}


PAPER = "light-dark(#FFFFFF, #11151C)"


def css(part: str) -> str:
    """A CSS colour that follows the page's theme, light or dark."""
    return f"light-dark({LIGHT[part]}, {DARK[part]})"
