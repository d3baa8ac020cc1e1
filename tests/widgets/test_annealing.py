"""Simulated annealing: step probabilities by the formula, walks that follow their own numbers, and the widget."""

import math

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.demos.learning.gradient_descent import HILLY, descend
from core.demos.learning.simulated_annealing import REACH, acceptance, anneal, arrived, lowest, temperatures
from core.lessons.vocabulary.annealing import annealing_arrives, hilly_descent
from pages.ui.translations import words_in
from pages.widgets.training import annealing
from pages.widgets.training.annealing import curves, drawn


COOLING = temperatures(2, 0.985, 200)


def test_the_chance_of_a_step_uphill_is_that_of_metropolis_and_downhill_it_is_one():
    for rise, temperature in [(0.1, 0.5), (1, 2), (3, 0.7), (0.84, 1.16)]:
        assert acceptance(rise, temperature) == pytest.approx(math.exp(-rise / temperature), rel=1e-12)
    assert acceptance([-5, -0.001, 0], 0.3).tolist() == [1, 1, 1]


def test_at_temperature_zero_nothing_leads_uphill_and_a_tiny_temperature_is_nearly_that():
    assert acceptance([-1, 0, 1e-9, 1], 0).tolist() == [1, 1, 0, 0]
    assert acceptance(1, 1e-3) == pytest.approx(0, abs=1e-300)
    assert acceptance(1, 1e9) == pytest.approx(1)


def test_the_chance_shows_in_how_often_a_step_is_taken():
    walk = anneal(4.5, np.full(50, 1.0), range(300))
    uphill = (walk.rises > 0.4) & (walk.rises < 1.2)
    assert uphill.sum() > 500
    assert walk.taken[uphill].mean() == pytest.approx(np.exp(-walk.rises[uphill]).mean(), abs=0.03)


def test_a_walk_follows_its_own_numbers():
    walk = anneal(4.5, COOLING, [1, 7])
    assert walk.losses == pytest.approx(HILLY.value(walk.positions.reshape(-1, 1)).reshape(201, 2))
    assert walk.rises == pytest.approx(HILLY.value(walk.tried.reshape(-1, 1)).reshape(200, 2) - walk.losses[:-1])
    assert walk.taken.tolist() == (walk.drawn < walk.chances).tolist()
    assert walk.positions[1:].tolist() == np.where(walk.taken, walk.tried, walk.positions[:-1]).tolist()
    assert np.abs(walk.positions).max() <= REACH
    assert walk.temperatures[37] == pytest.approx(2 * 0.985**37)


def test_the_luck_is_that_of_the_seed_alone():
    warm, cold, both = anneal(4.5, COOLING, [3]), anneal(4.5, COOLING * 0, [3]), anneal(4.5, COOLING, [2, 3])
    assert warm.drawn.tolist() == cold.drawn.tolist()
    assert both.positions[:, 1].tolist() == warm.positions[:, 0].tolist() != both.positions[:, 0].tolist()


def test_a_walker_without_temperature_is_greedy():
    walk = anneal(4.5, np.zeros(200), range(50))
    assert (np.diff(walk.losses, axis=0) <= 0).all()
    assert walk.taken.tolist() == (walk.rises <= 0).tolist()


def test_the_lowest_point_lies_behind_a_hill_that_plain_descent_does_not_cross():
    position, loss = lowest()
    assert HILLY.gradient(np.array([[position]]))[0, 0] == pytest.approx(0, abs=2e-3)
    assert hilly_descent() > loss + 0.5
    path = descend(HILLY, 4.5, 0.1, 200)[:, 0]
    assert path[-1] > 2 > position
    assert (np.diff(path) < 1e-9).all()


def test_cooling_arrives_more_often_than_staying_hot_or_cold():
    cooled, hot, cold = annealing_arrives(2), annealing_arrives(2, 1), annealing_arrives(0)
    assert cooled > 60
    assert cooled > 2 * hot > 2 * cold
    walk = anneal(4.5, COOLING, range(200))
    assert 100 * arrived(walk) == cooled == 100 * np.mean(walk.losses[-1] <= lowest()[1] + 0.3)


def test_the_curves_of_the_widget_are_the_chances_of_core():
    made = curves(2.0)
    assert made["temperatures"][made["at"]] == 2
    assert made["rises"][made["start"]] == 1
    assert made["chances"][made["at"]][made["start"]] == pytest.approx(math.exp(-0.5), abs=1e-5)


def test_the_browser_gets_each_number_of_the_walk():
    walk = anneal(4.5, COOLING, [1])
    made = drawn(walk, words_in(annealing.__file__, "en"))
    assert len(made["positions"]) == len(made["losses"]) == 201
    assert len(made["taken"]) == len(made["temperatures"]) == 200
    assert made["chances"] == pytest.approx(walk.chances[:, 0], abs=1e-6)
    assert made["plain"]["losses"][-1] == pytest.approx(hilly_descent(), abs=1e-5)


def shown() -> None:
    from pages.widgets.training import annealing as widget

    widget.show(widget.Options(), "walk")


def test_the_widget_walks_anew_with_another_temperature_and_says_what_a_seed_is():
    app = AppTest.from_function(shown, default_timeout=60).run()
    first = app.markdown[0].value
    assert not app.exception
    assert "of 100 seeds" in first
    app.selectbox("walk-first").set_value(0.0).run()
    assert not app.exception
    assert app.markdown[0].value != first
    assert ":small[0 of 100" in app.markdown[0].value
    app.text_input("walk-seed").set_value("two").run()
    assert "whole number" in app.error[0].value
