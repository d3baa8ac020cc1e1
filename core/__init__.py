"""Convolutional networks themselves: their mathematics, data, training and results. Imports neither Streamlit nor a
framework nor a backend."""
