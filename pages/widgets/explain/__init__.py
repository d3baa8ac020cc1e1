"""Widgets that look inside a trained network."""
