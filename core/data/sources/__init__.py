"""The data sets: read from known files, generated from a seed, or uploaded."""
