"""Widgets about convolution."""
