"""An experiment while it is typed: what was typed, what is wrong with it, undo."""
