"""Widgets about images."""
