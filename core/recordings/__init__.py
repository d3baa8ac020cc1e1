"""Recordings of real trainings in small JSON files, which the lessons replay."""
