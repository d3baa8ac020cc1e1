"""Convolution, pooling and pixels on small images."""
