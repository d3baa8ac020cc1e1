"""The array type that core, the backends and the pages share."""

from typing import Any

from numpy.typing import NDArray


Array = NDArray[Any]
"""Any NumPy array; docstrings give its shape and the meaning of its numbers."""
