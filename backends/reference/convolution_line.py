"""A convolution as code for the NumPy reference. Imports no framework."""

from core.network.layers import Sides


def convolution(sides: Sides, stride: int, dilation: int, flip: bool, border: str) -> str:
    """x is (N, C, H, W), W (out, in, kh, kw), b (out,); sides is the padding
    ((top, bottom), (left, right))."""
    kernel = "W[:, :, ::-1, ::-1]" if flip else "W"
    extras = "".join(
        f", {name}={value}"
        for name, value, plain in (
            ("pads", sides, ((0, 0), (0, 0))),
            ("stride", (stride, stride), (1, 1)),
            ("dilation", (dilation, dilation), (1, 1)),
        )
        if value != plain and not (name == "pads" and border == "wrap")
    )
    before = f'x = np.pad(x, ((0, 0), (0, 0), {sides[0]}, {sides[1]}), mode="wrap")\n' if _wraps(sides, border) else ""
    return f"{before}y, backprop = convolution.forward(x, {kernel}, b{extras})"


def _wraps(sides: Sides, border: str) -> bool:
    return border == "wrap" and sides != ((0, 0), (0, 0))
