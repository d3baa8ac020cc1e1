"""TensorFlow behind the boundary."""

LABEL = "TensorFlow"
REQUIRES = "tensorflow"
COLOR = "#0E9AA7"
DASH = "dot"
