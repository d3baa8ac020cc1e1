"""What was chosen, in a sentence and a formula with the numbers that stand in it (LaTeX)."""
