"""The measuring widgets of lesson 18: what they send to the browser is core's, and the recorded judgement is whole."""

import numpy as np
import pytest
from pydantic import ValidationError

from core.lessons.vocabulary import measuring, recordings
from core.metrics.confusion import accuracy
from core.metrics.prevalence import screened
from core.metrics.rejection import Rejection, least_refused, refuse_below
from core.metrics.threshold import outcome
from core.recordings.evaluation import Judged, Point, downsampled
from pages.recorded import judgements
from pages.ui.dial import bar, count, number, outcome_lines
from pages.ui.translations import words_in
from pages.widgets.metrics import baselines, class_table, prevalence, threshold
from tests.support.golden import G22, G23, G24


TRUTH, SCORES = np.array(G23["truth"], bool), np.array(G23["scores"])
WORDS = words_in(threshold.__file__, "en")


@pytest.fixture(params=judgements.names())
def judged(request) -> Judged:
    return judgements.load(request.param)


@pytest.mark.parametrize("at", G23["at"])
def test_a_position_of_the_threshold_holds_the_four_counts(at):
    options = threshold.Options(truth=tuple(G23["truth"]), scores=tuple(G23["scores"]))
    result = threshold.position(outcome(TRUTH, SCORES, at), at, options, WORDS)
    assert [int(text) for text in result["counts"]] == list(G23["at"][at])
    assert result["accepted"] == sum(at <= SCORES)
    assert result["marks"][0] == pytest.approx([G23["at"][at][2] / 6, G23["at"][at][0] / 4])


def test_the_ring_of_the_roc_curve_stands_on_the_curve_at_every_position():
    options = threshold.Options(truth=tuple(G23["truth"]), scores=tuple(G23["scores"]))
    points = threshold.chart("roc", TRUTH, SCORES, WORDS)["points"]
    for k in range(threshold.STEPS + 1):
        mark = threshold.position(outcome(TRUTH, SCORES, round(k / 20, 2)), k / 20, options, WORDS)["marks"][0]
        assert min(np.hypot(*np.subtract(mark, point)) for point in points) < 1e-9


def test_where_nothing_is_called_yes_precision_does_not_exist():
    result = outcome(TRUTH, SCORES, 1.0)
    assert ["precision", "TP / (TP + FP) = 0 / (0 + 0)", "undefined (0/0)"] in outcome_lines(result)
    assert bar("said", result.precision, "", "")["share"] is None
    options = threshold.Options(truth=tuple(G23["truth"]), scores=tuple(G23["scores"]))
    assert threshold.position(result, 1.0, options, WORDS)["marks"][1] is None


def test_a_screening_has_the_counts_to_be_expected():
    screening = screened(10_000, 0.01, 0.9, 0.95)
    assert [screening.tp, screening.fn, screening.fp, screening.tn] == pytest.approx(
        [G22[name] for name in ("tp", "fn", "fp", "tn")]
    )
    for name, value in G22["scores"].items():
        assert getattr(screening, name) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("share", prevalence.SHARES)
def test_prevalence_changes_neither_sensitivity_nor_specificity_and_precision_is_bayes_rule(share):
    screening = screened(1e6, share, 0.8, 0.9)
    assert screening.recall == pytest.approx(0.8)
    assert screening.specificity == pytest.approx(0.9)
    assert screening.precision == pytest.approx(0.8 * share / (0.8 * share + 0.1 * (1 - share)))


def test_a_share_beyond_one_is_refused_by_name():
    with pytest.raises(ValueError, match="specificity is a share"):
        screened(100, 0.1, 0.9, 95)


def test_counts_are_written_whole_where_they_are():
    assert [count(9405.0), count(499.5), count(9405.0000000001)] == ["9,405", "499.5", "9,405"]
    assert number(float("nan")) == "undefined (0/0)"


def test_the_vocabulary_averages_as_golden_values_say():
    assert measuring.score_average(G24["matrix"], "macro", "precision") == pytest.approx(
        G24["macro_precision"], abs=1e-6
    )
    assert measuring.score_average(G24["matrix"], "balanced") == pytest.approx(G24["balanced"], abs=1e-6)
    assert measuring.class_score(G24["matrix"], 1, "recall") == pytest.approx(0.2)


@pytest.mark.parametrize("rows", [[[1, 2], [3]], [[1, -2], [3, 4]], [[1, 2, 3], [4, 5, 6]], [[1.5, 0], [0, 1]]])
def test_a_matrix_that_counts_nothing_is_refused(rows):
    with pytest.raises(ValidationError, match="as many columns as rows"):
        class_table.Options(matrix=rows, names=("A", "B"))


def test_names_and_counts_of_classes_must_fit():
    with pytest.raises(ValidationError, match="3 names for 2 counts"):
        baselines.Options(counts=(1, 2), names=("a", "b", "c"))
    with pytest.raises(ValidationError, match="2 scores for 3 cases"):
        threshold.Options(truth=(True, False, True), scores=(0.1, 0.2))


# --- recorded judgements


def test_a_recorded_judgement_agrees_with_itself(judged):
    assert np.sum(judged.matrix) == judged.images
    assert judged.top[0] == pytest.approx(accuracy(np.array(judged.matrix)))
    assert list(judged.top) == sorted(judged.top)
    assert judged.top[-1] == 1
    refused = [point.refused for point in judged.rejection]
    assert refused == sorted(refused)
    assert refused[0] == 0
    assert judged.rejection[0].error == pytest.approx(1 - judged.top[0], abs=1e-6)


def test_refusing_a_few_in_a_hundred_brings_the_error_of_the_dense_network_below_one_percent():
    judged = judgements.load("mnist-dense-100")
    points = [(point.threshold, point.refused, point.error) for point in judged.rejection[::-1]]
    least = least_refused(Rejection(*np.array(points).T), 0.01)
    assert least is not None
    assert 0.02 < least.refused < 0.06
    assert 0.02 < 1 - judged.top[0] < 0.03


def test_thinning_keeps_thresholds_that_occur_and_their_errors():
    generator = np.random.default_rng(7)
    confidence, right = generator.random(5000), generator.random(5000) < 0.9
    points = downsampled(confidence, right)
    assert len(points) <= 101
    assert all(isinstance(point, Point) for point in points)
    for point in points[::10]:
        exact = confidence[np.argmin(np.abs(confidence - point.threshold))]
        result = refuse_below(confidence, right, exact)
        assert (result.refused, result.error) == pytest.approx((point.refused, point.error), abs=2e-6)


def test_the_share_refused_that_a_lesson_names_is_the_least_that_does_it(judged):
    asked = 1.0
    least = recordings.recorded_refused(judged.name, asked)
    enough = {point.refused for point in judged.rejection if point.error <= asked / 100}
    assert least == pytest.approx(100 * min(enough))
    assert all(100 * point.error > asked for point in judged.rejection if 100 * point.refused < least - 1e-9)
    assert least > 0
    assert recordings.recorded_refused(judged.name, 100) == 0
