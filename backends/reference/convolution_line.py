"""How a convolution is written here, as a line of code; imports nothing."""


def convolution(sides, stride: int, dilation: int, flip: bool, border: str) -> str:
    """x is (N, C, H, W), W (out, in, kh, kw), b (out,); sides ((top, bottom), (left, right))."""
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


def _wraps(sides, border: str) -> bool:
    return border == "wrap" and sides != ((0, 0), (0, 0))
