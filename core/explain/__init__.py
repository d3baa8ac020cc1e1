"""Explaining a trained network: what a unit responds to, and which pixels an answer depends on. Works with the model of
any backend."""
