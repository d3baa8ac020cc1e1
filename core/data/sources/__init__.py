"""The data sets: read from known files, drawn from a seed, or uploaded."""
