"""Widgets about metrics."""
