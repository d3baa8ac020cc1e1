"""How good a classifier is: labels, logits and probabilities in, numbers out. What is 0/0 is NaN, never silently 0."""
