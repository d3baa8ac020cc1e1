"""Array types of the whole house."""

from typing import Any

from numpy.typing import NDArray


Array = NDArray[Any]
"""Any NumPy array; the docstring says its shape and what its numbers mean."""
