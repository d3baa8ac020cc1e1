"""Each choice explained by a sentence and a LaTeX formula with its current numbers."""
