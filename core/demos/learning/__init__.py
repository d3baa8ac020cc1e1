"""Gradients, gradient descent, optimisers and regularisation on small problems."""
