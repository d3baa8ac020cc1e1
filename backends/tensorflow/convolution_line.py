"""A convolution as code for TensorFlow. Imports no framework."""

from core.network.layers import Sides


def convolution(sides: Sides, stride: int, dilation: int, flip: bool, border: str) -> str:
    """x is (N, H, W, C), W (kh, kw, in, out), b (out,); sides is the padding
    ((top, bottom), (left, right))."""
    (top, bottom), (left, right) = sides
    outside = f"[[0, 0], [{top}, {bottom}], [{left}, {right}], [0, 0]]"
    wraps = border == "wrap" and any((*sides[0], *sides[1]))
    before = f'x = np.pad(x, {outside}, mode="wrap")\n' if wraps else ""
    padding = '"VALID"' if wraps or not any((*sides[0], *sides[1])) else outside
    kernel = "W[::-1, ::-1]" if flip else "W"
    dilations = f", dilations={dilation}" if dilation != 1 else ""
    return f"{before}y = tf.nn.conv2d(x, {kernel}, strides={stride}, padding={padding}{dilations}) + b"
