"""Real trainings in small JSON files, for lessons to replay."""
