"""Weights on their way to the browser, where readWeights of browser/network_engine.js unpacks them."""

import base64
from typing import Any, Literal

import numpy as np

from core.arrays import Array


def packed_weights(
    weights: dict[str, Array], statistics: dict[str, Array], dtype: Literal["float16", "float32"] = "float32"
) -> dict[str, Any]:
    """{"manifest": {name: {"shape", "dtype"}}, "data": base64 of all arrays in that order, little-endian}.

    `statistics` are the running ones of batch norm. An array with a number too large for float16 stays in float32.
    """
    manifest, data = {}, []
    for name, values in (weights | statistics).items():
        own = dtype if np.abs(values).max(initial=0) <= np.finfo(dtype).max else "float32"
        manifest[name] = {"shape": list(values.shape), "dtype": own}
        data.append(values.astype(np.dtype(own).newbyteorder("<")).tobytes())
    return {"manifest": manifest, "data": base64.b64encode(b"".join(data)).decode()}
