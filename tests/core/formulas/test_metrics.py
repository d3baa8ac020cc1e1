"""What is divided by what, with the counts of a small confusion matrix by hand."""

import numpy as np

from core.formulas import measures as formulas
from core.metrics.baselines import baselines
from core.metrics.calibration import reliability
from core.metrics.threshold import Outcome


MATRIX = np.array([[8, 2, 0], [1, 3, 0], [0, 0, 0]])
"""Of 10 images 8 are right, of 4 3 are; the third class neither occurs nor is predicted."""


def test_the_four_cells_stand_in_their_scores():
    result = formulas.four_cells(Outcome(tp=7, fn=3, fp=2, tn=1088))
    assert all(formula.count(" ") == 2 for formula in result.values()), "a line may break at the equals sign alone"
    said = {score: formula.replace("\N{NO-BREAK SPACE}", " ") for score, formula in result.items()}
    assert said["accuracy"].endswith("(7 + 1,088) / 1,100")
    assert said["precision"].endswith("7 / (7 + 2)")
    assert said["recall"].endswith("7 / (7 + 3)")
    assert said["specificity"].endswith("1,088 / (1,088 + 2)")
    assert said["f1"].endswith("14 / (14 + 2 + 3)")


def test_the_averages_carry_the_recall_of_each_class():
    said = formulas.averaged_recall(MATRIX)
    assert said["macro"] == said["balanced"] == "(0.800 + 0.750) / 2 = 0.775"
    assert said["micro"] == "(8 + 3 + 0) / 14 = 11 / 14 = 0.786"
    assert said["weighted"].startswith(r"(10 \cdot 0.800 + 4 \cdot 0.750 + 0 \cdot 0.000) / 14")


def test_a_class_that_is_predicted_but_never_occurs_counts_in_macro_alone():
    said = formulas.averaged_recall(MATRIX + np.array([[0, 0, 2], [0, 0, 0], [0, 0, 0]]))
    assert said["macro"] == "(0.667 + 0.750 + 0.000) / 3 = 0.472"
    assert said["balanced"] == "(0.667 + 0.750) / 2 = 0.708"


def test_many_classes_are_dots():
    said = formulas.averaged_recall(np.eye(10, dtype=int))["macro"]
    assert said == r"(1.000 + 1.000 + 1.000 + \dots + 1.000) / 10 = 1.000"


def test_the_calibration_error_carries_its_fullest_bins():
    bins = reliability(np.array([0.95, 0.95, 0.95, 0.55]), np.array([True, True, False, True]))
    assert formulas.expected_error(bins) == (r"(3 \cdot |0.667 - 0.950| + 1 \cdot |1.000 - 0.550|) / 4 = 0.3250")


def test_the_prior_matched_guess_carries_both_shares():
    judged, training = np.array([30, 10]), np.array([50, 50])
    said = formulas.prior_matched(judged, training, baselines(judged, training).prior)
    assert said == r"\sum_k \pi_k q_k = 0.500 \cdot 0.750 + 0.500 \cdot 0.250 = 0.500"
