"""Widgets about explain."""
