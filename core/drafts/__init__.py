"""An experiment while it is being edited: what was typed, what is wrong with it, undo."""
