"""Networks as data: layers, the shape after each layer, parameter counts, repairs and initial weights."""
