"""Widgets about signals."""
