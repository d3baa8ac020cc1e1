"""The search of lesson 14: which settings a grid and random draws try, what they find, and what the page says of it."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.demos.learning.hyperparameter_search import BUDGETS, search, tries
from core.figures.search_plane import searched
from core.lessons.vocabulary.searching import search_behind, search_best
from pages.recorded import measured
from pages.ui.translations import words_in
from pages.widgets.training import search as widget
from pages.widgets.training.search import describe_search, table


NUMBERS = measured.load("search").numbers
SCORES = np.array(NUMBERS["accuracy"])


def test_the_recording_has_four_folds_for_each_rate_and_batch_size():
    assert SCORES.shape == (len(NUMBERS["rates"]), len(NUMBERS["batches"]), 4)
    assert SCORES.min() >= 0
    assert SCORES.max() <= 1
    assert SCORES.mean(axis=2).max() > 0.8
    assert np.unique(SCORES).size > 30, "folds of 250 digits that all come out alike were not trained"


@pytest.mark.parametrize("budget", BUDGETS)
def test_a_grid_takes_as_many_rates_as_batch_sizes_and_spreads_them(budget):
    positions = tries("grid", 6, 5, budget)
    assert len(set(positions)) == budget
    assert len({i for i, _ in positions}) == len({j for _, j in positions}) == budget**0.5


def test_a_grid_of_nine_takes_every_other_rate_and_batch_size():
    assert tries("grid", 6, 5, 9) == [(i, j) for i in (1, 3, 5) for j in (0, 2, 4)]


@pytest.mark.parametrize("budget", BUDGETS)
def test_random_draws_never_repeat_and_follow_their_seed(budget):
    first = tries("random", 6, 5, budget, 7)
    assert len(set(first)) == budget
    assert all(0 <= i < 6 and 0 <= j < 5 for i, j in first)
    assert first == tries("random", 6, 5, budget, 7) != tries("random", 6, 5, budget, 8)
    assert tries("random", 6, 5, 16, 7)[:4] == tries("random", 6, 5, 4, 7), "a larger budget goes on where it stopped"


def test_the_best_found_is_the_highest_mean_of_those_tried_and_its_lag_is_told():
    scores = np.zeros((6, 5, 2))
    scores[1, 0], scores[3, 2], scores[0, 3] = (0.5, 0.7), (0.9, 0.1), (0.9, 0.9)
    result = search(scores, "grid", 9)
    assert result.best == (1, 0)
    assert result.mean == pytest.approx(0.6)
    assert result.behind == pytest.approx(0.3)


def test_the_text_of_the_lesson_reads_the_same_table():
    means = SCORES.mean(axis=2)
    assert search_best() == pytest.approx(100 * means.max())
    result = search(SCORES, "random", 4, 3)
    assert search_behind("random", 4, 3) == pytest.approx(100 * (means.max() - max(means[one] for one in result.tried)))


def test_the_sentence_and_the_table_say_what_was_found():
    result = search(SCORES, "grid", 4)
    said = describe_search(result, SCORES, NUMBERS["rates"], NUMBERS["batches"], words_in(widget.__file__, "en"))
    assert "4 of 30 settings" in said
    assert f"{100 * result.mean:.1f} ±" in said
    shown = table(result, SCORES, NUMBERS["rates"], NUMBERS["batches"], words_in(widget.__file__, "en"))
    assert len(shown["learning rate"]) == 4
    assert max(shown["mean, %"]) == round(100 * result.mean, 1)


def shown() -> None:
    from pages.widgets.training import search as widget

    widget.show(widget.Options(), "hunt")


def test_the_widget_searches_anew_with_another_kind_budget_and_seed():
    app = AppTest.from_function(shown, default_timeout=60).run()
    assert not app.exception
    assert "9 of 30" in app.markdown[0].value
    app.selectbox("hunt-budget").set_value(16)
    app.selectbox("hunt-kind").set_value("random").run()
    first = app.dataframe[0].value
    app.text_input("hunt-seed").set_value("2").run()
    assert not app.exception
    assert len(first) == 16
    assert not first.equals(app.dataframe[0].value)
    app.text_input("hunt-seed").set_value("two").run()
    assert "whole number" in app.error[0].value


def test_the_image_has_a_mark_for_each_setting_and_a_star_for_the_best_found():
    result = search(SCORES, "random", 16, 3)
    rings, discs, star = searched(result, SCORES, NUMBERS["rates"], NUMBERS["batches"], ("batch", "rate")).data
    assert [len(one.x) for one in (rings, discs, star)] == [30, 15, 1]
    assert star.text == (f"{100 * result.mean:.1f}",)
    assert star.y == (f"{NUMBERS['rates'][result.best[0]]:g}",)
