"""The training loop and what controls it: batches, stopping, learning rate, divergence."""
