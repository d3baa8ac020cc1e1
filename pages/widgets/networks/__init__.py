"""Widgets about networks."""
