"""Widgets about training."""
