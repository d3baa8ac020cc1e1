"""Real images as read-only arrays: sources, the catalogue over them, splits and scaling."""
