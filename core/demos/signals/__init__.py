"""Convolution, sampling and correlation along one axis."""
