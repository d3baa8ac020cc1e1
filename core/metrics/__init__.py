"""How good a classifier is: labels, logits and probabilities in, scores out. A score that is 0/0 is NaN, never 0."""
