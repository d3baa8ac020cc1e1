"""One output cell of a convolution as index arithmetic, in both memory layouts."""


def cell_in_code() -> dict[str, str]:
    """The line of NumPy by layout, for one image, one channel and one filter.

    {i}, {j} stand for the cell, {rows}, {columns} for the patch it comes from (Python slices of the padded image).
    """
    return {
        "NCHW": "y[0, 0, {i}, {j}] = sum(x[0, 0, {rows}, {columns}] * W[0, 0])",
        "NHWC": "y[0, {i}, {j}, 0] = sum(x[0, {rows}, {columns}, 0] * W[:, :, 0, 0])",
    }
