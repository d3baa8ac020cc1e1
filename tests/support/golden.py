"""Numbers for counting and measuring, worked out once by hand; `curriculum.md` section 2 lists them.

Those for layers and training are in backends/contract/golden.py.
"""


# --- counting --------------------------------------------------------------------------------------------------------

G14_PRESETS = {
    "network3-dense": 79_510,
    "network3-first-cnn": 289_630,
    "network3-two-conv": 85_670,
    "one-layer-softmax": 7_850,
    "sigmoid-output": 3,
    "network3-conv-softmax": 29_330,
    "network3-two-conv-relu": 85_670,
    "network3-two-hidden": 95_770,
    "network3-dropout": 1_672_570,
    "lenet-theano": 657_080,
    "lenet-tensorflow": 1_632_080,
    "small-keras-cnn": 251_210,
    "live-cnn": 600_810,
    "dense-500-50-10": 418_060,
    "small-resnet": 80 + 2 * 584 + (1_168 + 2_320 + 144) + (4_640 + 9_248 + 544) + 2_890,
    "inception": 160 + 136 + (136 + 876) + (68 + 808) + 68 + 15_690,
    "zip-net": 9_760,
}
G14_ZIP = {"layers": (1_068, 2_592, 5_790, 310), "units": 1_256, "connections": 64_660}
G17 = {
    (784, 500): (0.068359, 0.050508),
    (500, 50): (0.104447, 0.063246),
    (50, 10): (0.316228, 0.2),
    (9, 288): (0.142134, 0.471405),
    (288, 288): (0.102062, 0.083333),
    (784, 10): (0.086929, 0.050508),
}
"""(fan_in, fan_out): Glorot limit, He standard deviation."""
G31 = [
    ((28, 5, 0, 1), 24),
    ((24, 2, 0, 2), 12),
    ((32, 5, 0, 1), 28),
    ((32, 5, 2, 1), 32),
    ((32, 5, 4, 1), 36),
    ((224, 7, 1, 2), 110),
    ((512, 8, 0, 1), 505),
]
"""(N, K, P, S), floor((N - K + 2P) / S) + 1"""

# --- measuring -------------------------------------------------------------------------------------------------------

G22_ALWAYS_NO = {"accuracy": 0.99, "recall": 0.0, "specificity": 1.0}
"""10,000 people, 1 % ill, and a test that is always negative."""
G22 = {
    "tp": 90,
    "fn": 10,
    "fp": 495,
    "tn": 9405,
    "scores": {
        "accuracy": 0.9495,
        "recall": 0.9,
        "specificity": 0.95,
        "precision": 0.153846,
        "f1": 0.262774,
        "balanced_accuracy": 0.925,
    },
}
G23 = {
    "truth": [1, 1, 0, 1, 0, 1, 0, 0, 0, 0],
    "scores": [0.95, 0.85, 0.8, 0.7, 0.55, 0.45, 0.4, 0.3, 0.2, 0.1],
    "area": 0.875,
    "average_precision": 0.854167,
    "at": {0.3: (4, 0, 4, 2), 0.5: (3, 1, 2, 4), 0.75: (2, 2, 1, 5)},  # TP, FN, FP, TN for score >= threshold
    "points": [
        *[(0, 0), (0, 1 / 4), (0, 1 / 2), (1 / 6, 1 / 2), (1 / 6, 3 / 4), (1 / 3, 3 / 4)],
        *[(1 / 3, 1), (1 / 2, 1), (2 / 3, 1), (5 / 6, 1), (1, 1)],
    ],
}
"""`points` are (false positive rate, true positive rate)."""
G24 = {
    "matrix": [[45, 0, 5], [3, 1, 1], [5, 0, 40]],
    "accuracy": 0.86,
    "balanced": 0.662963,
    "macro_precision": 0.906207,
    "macro_f1": 0.695414,
    "weighted_f1": 0.849164,
}
G25 = {
    "counts": [4953, 547, 5121, 8989, 6077, 4002, 6198],
    "uniform": 0.142857,
    "majority": 0.250481,
    "prior": 0.173323,
    "imbalance": 9.0548,
    "angry_or_disgust": 0.900545,
}
"""FER2013 over all its parts: angry, disgust, fear, happy, sad, surprise, neutral. `imbalance` is angry to disgust."""
