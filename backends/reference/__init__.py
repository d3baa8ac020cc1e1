"""The NumPy reference backend."""

LABEL = "NumPy reference"
REQUIRES = "numpy"
COLOR = "#8B5CF6"
DASH = "solid"
