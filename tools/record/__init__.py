"""Records real trainings into the small JSON files that lessons replay: `python -m tools.record NAME ...`."""
