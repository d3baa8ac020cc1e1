"""Widgets about neurons."""
