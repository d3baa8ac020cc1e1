"""The accuracy (in percent) of four networks on the first 2,000 MNIST test digits under each change.

All were trained on unchanged digits, for 60, 40, 30 and 15 epochs: measured once, with PyTorch on one CPU core and one
seed. benchmarks/robustness.py repeats the measurement.
"""

COLUMNS = ("dense", "conv20", "2 conv", "2 conv ReLU")
KNOWN = {
    "none": (96.9, 98.6, 98.5, 98.6),
    "shift 1 px": (94.9, 97.7, 98.2, 97.5),
    "shift 2 px": (80.7, 93.5, 95.7, 94.4),
    "shift 3 px": (59.1, 78.3, 87.5, 82.7),
    "shift 4 px": (38.9, 56.0, 70.3, 62.4),
    "shift 6 px": (13.7, 26.1, 39.6, 30.9),
    "rotate 10": (95.2, 97.1, 97.8, 97.6),
    "rotate 20": (86.6, 91.4, 93.4, 92.4),
    "rotate 30": (69.4, 77.0, 83.1, 81.4),
    "rotate 45": (38.4, 49.6, 55.3, 52.2),
    "rotate 90": (16.3, 15.5, 17.9, 15.2),
    "noise sd 0.1": (95.7, 97.4, 98.5, 98.5),
    "noise sd 0.3": (69.8, 68.2, 96.2, 96.8),
    "noise sd 0.5": (49.1, 35.7, 76.2, 84.5),
    "size x 0.7": (63.4, 87.6, 92.9, 91.2),
    "size x 1.3": (79.4, 89.9, 95.0, 93.7),
    "negative": (1.8, 10.0, 18.0, 28.8),
    "gradient sign 0.05": (55.9, 88.0, 91.6, 92.9),
    "gradient sign 0.1": (16.4, 53.9, 69.2, 77.7),
    "gradient sign 0.2": (3.6, 14.5, 18.6, 52.9),
}
