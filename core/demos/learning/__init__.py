"""Gradients, descent, optimisers and regularisation on small problems."""
