"""The TensorFlow backend."""

LABEL = "TensorFlow"
REQUIRES = "tensorflow"
COLOR = "#0E9AA7"
DASH = "dot"

ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
"""Makes Keras use TensorFlow, whatever a file in the home folder says, and TensorFlow log warnings and errors only."""
