"""TensorFlow behind the boundary."""

LABEL = "TensorFlow"
REQUIRES = "tensorflow"
COLOR = "#0E9AA7"
DASH = "dot"

ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
"""Keras computes with TensorFlow, whatever a file in the home folder says; what TensorFlow has to tell are warnings."""
