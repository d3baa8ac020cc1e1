"""An experiment: data recipe, network, training recipe and seed; presets, links and remedies."""
