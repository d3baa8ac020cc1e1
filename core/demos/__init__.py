"""The subject as lessons show it: every number of a widget is computed here."""
