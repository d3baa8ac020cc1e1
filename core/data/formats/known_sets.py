"""Well-known data sets among uploaded ones, by how many images each class has."""

import numpy as np

from core.data.dataset import Dataset


COUNTS = {
    "MNIST's training part": (5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949),
    "MNIST": (6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958),
    "Kaggle's Digit Recognizer, which is a part of MNIST": (
        *(4132, 4684, 4177, 4351, 4072),
        *(3795, 4137, 4401, 4063, 4188),
    ),
    "SVHN's training part": (4948, 13861, 10585, 8497, 7458, 6882, 5727, 5595, 5045, 4659),
    "FER2013": (4953, 547, 5121, 8989, 6077, 4002, 6198),
    "FER2013's training part": (3995, 436, 4097, 7215, 4830, 3171, 4965),
}


def known_set(dataset: Dataset) -> str:
    """A sentence if the classes are as large as those of a well-known data set, in any order; else ""."""
    sizes = sorted(np.bincount(dataset.labels, minlength=dataset.classes).tolist())
    name = next((name for name, counts in COUNTS.items() if sorted(counts) == sizes), None)
    return f"It has as many images of each class as {name}: it seems to be this data set." if name else ""
