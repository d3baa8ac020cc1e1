"""Where a number stands: the same cell of a convolution as index arithmetic in both orders of the axes."""


def cell_in_code() -> dict[str, str]:
    """By order of the axes, with {i}, {j} for the cell and {rows}, {columns} for the patch it comes from (Python slices
    of the bordered image). One image, one channel, one map."""
    return {
        "NCHW": "y[0, 0, {i}, {j}] = sum(x[0, 0, {rows}, {columns}] * W[0, 0])",
        "NHWC": "y[0, {i}, {j}, 0] = sum(x[0, {rows}, {columns}, 0] * W[:, :, 0, 0])",
    }
