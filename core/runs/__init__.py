"""A run is a folder: its experiment, its events, its snapshots. State is read from disk, never from a handle."""
