"""A convolution as code for PyTorch. Imports no framework."""

from core.network.layers import Sides


def convolution(sides: Sides, stride: int, dilation: int, flip: bool, border: str) -> str:
    """x is (N, C, H, W), W (out, in, kh, kw), b (out,); sides is the padding
    ((top, bottom), (left, right))."""
    (top, bottom), (left, right) = sides
    alike = top == bottom and left == right and border == "zero"
    mode = ', mode="circular"' if border == "wrap" else ""
    before = (
        "" if alike or not any((*sides[0], *sides[1])) else f"x = F.pad(x, ({left}, {right}, {top}, {bottom}){mode})\n"
    )
    kernel = "W.flip(2, 3)" if flip else "W"
    padding = "" if before or not (top or left) else f", padding={top if top == left else (top, left)}"
    extras = "".join(f", {name}={value}" for name, value in (("stride", stride), ("dilation", dilation)) if value != 1)
    return f"{before}y = F.conv2d(x, {kernel}, b{padding}{extras})"
