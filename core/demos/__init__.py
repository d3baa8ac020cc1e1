"""The computations behind the lessons' widgets: every number that a widget shows comes from here."""
