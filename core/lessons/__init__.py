"""Markdown -> lesson parts: quiz, answers, expressions, interpolation."""
