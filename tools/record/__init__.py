"""Records real trainings as the small JSON files that lessons replay: `python -m tools.record NAME ...`."""
