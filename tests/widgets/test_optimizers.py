"""The optimiser widgets: steps written out are true, paths follow the gradient, momentum is PyTorch's."""

import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from backends.contract.golden import G19
from core.demos.learning.loss_surfaces import FAR, SURFACES, heights, path, relief
from core.demos.learning.optimizer_trace import KINDS, OUTSIDE, follow, optimizer, working
from pages.recorded import load
from pages.widgets.training import optimizer_race, optimizer_steps, schedule_editor


def computed(expression: str) -> float:
    """The value of one side of a written line: 0.9 · (−0.05) − 0.1 · 0.5, √(…), 0.5², 0.9^2."""
    text = re.sub(r"√([0-9.]+)", r"√(\1)", expression).replace("√", "np.sqrt").replace("²", "**2")
    return float(eval(text.replace("·", "*").replace("−", "-").replace("^", "**"), {"np": np}))


@pytest.mark.parametrize("kind", [*KINDS, OUTSIDE])
def test_every_line_of_a_step_written_out_is_true_and_the_last_one_gives_the_parameter(kind):
    rule = optimizer(kind, 1.0 if kind == "adadelta" else 0.1)
    steps = follow(rule, lambda w, k: G19["gradients"][k], [rule.learning_rate] * 3, G19["start"])
    for step in steps:
        lines = working(rule, step)
        for line in lines:
            _, left, right = line.split(" = ")
            assert computed(left) == pytest.approx(computed(right), rel=2e-4, abs=1e-5), line
        assert computed(lines[-1].split(" = ")[-1]) == pytest.approx(step.after, rel=1e-5)


def test_a_negative_result_stands_without_brackets():
    (step,) = follow(optimizer("sgd", 0.5), lambda w, k: 4 * w, [0.5], 1)
    assert working(optimizer("sgd", 0.5), step) == ["θ = 1 − 0.5 · 4 = −1"]


def test_a_rate_of_1e30_comes_to_infinity_and_then_to_nan_and_says_so_shortly():
    rule = optimizer("sgd", 1e30)
    steps = follow(rule, lambda w, k: 4 * w, [1e30] * 12, 1)
    assert np.isfinite(steps[9].after)
    assert steps[10].after == -np.inf
    assert np.isnan(steps[11].after)
    assert working(rule, steps[0]) == ["θ = 1 − 1e30 · 4 = −4e30"]
    assert working(rule, steps[10])[0].endswith(" = −∞")
    assert working(rule, steps[11]) == ["θ = (−∞) − 1e30 · (−∞) = NaN"]


def test_what_is_no_number_goes_to_the_browser_in_words_that_json_has():
    sent = [optimizer_steps.sent(value) for value in (0.5, np.inf, -np.inf, np.nan)]
    assert json.loads(json.dumps(sent, allow_nan=False)) == [0.5, "Infinity", "-Infinity", "NaN"]


def test_the_gradient_of_a_curve_is_asked_where_the_parameter_is():
    steps = follow(optimizer("sgd", 0.5), lambda w, k: 4 * w, [0.5] * 3, 1)
    assert [step.after for step in steps] == [-1, 1, -1]


def test_momentum_with_the_rate_outside_is_what_pytorch_does():
    torch = pytest.importorskip("torch")
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    rates, result = [0.1, 0.1, 0.01, 0.01], []
    for rate in rates:
        theirs.param_groups[0]["lr"] = rate
        w.grad = torch.ones_like(w)
        theirs.step()
        result.append(w.item())
    ours = follow(optimizer(OUTSIDE, 0.1), lambda w, k: 1, rates, 0)
    assert [step.after for step in ours] == pytest.approx(result, abs=1e-12)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_slopes_as_its_heights_say(name):
    land, small = SURFACES[name], 1e-6
    for point in (np.array(land.start), np.array([0.7, -0.4])):
        numeric = [
            (land.height(point + small * axis) - land.height(point - small * axis)) / (2 * small) for axis in np.eye(2)
        ]
        assert land.slope(point) == pytest.approx(numeric, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SURFACES)
def test_every_runner_comes_down_every_landscape(name, kind):
    result = heights(name, path(name, kind, optimizer_race.RATES[kind], 60))
    assert result[-1] < 0.3 * result[0]


def test_who_flies_away_stays_away():
    result = path("valley", "sgd", 40.0, 200)
    assert np.isfinite(result).all()
    assert np.abs(result[-1]).max() >= FAR
    assert (result[-1] == result[-2]).all()


def test_the_relief_has_its_first_row_at_the_top():
    rows = relief("bend", 8, 4)
    across, up = SURFACES["bend"].reach
    assert rows.shape == (4, 8)
    assert rows[0, 0] == pytest.approx(float(heights("bend", np.array([-across * 7 / 8, up * 3 / 4]))))


def edited() -> None:
    from pages.widgets.training import schedule_editor

    schedule_editor.show(schedule_editor.Options(kind="plateau"), "edit")


def test_the_editor_lowers_the_rate_where_a_recorded_run_stood_still():
    app = AppTest.from_function(edited, default_timeout=60).run()
    losses, shown = [epoch.loss for epoch in load("homework-sigmoid").epochs], app.dataframe[0].value
    assert not app.exception
    assert shown["validation loss"].tolist() == losses
    first = next(k for k in range(5, 100) if min(losses[k - 4 : k + 1]) >= min(losses[: k - 4]))
    assert f"first after epoch {first + 1}." in "".join(one.value for one in app.markdown)
    rate = shown["learning rate"].tolist()
    assert rate[first] == rate[0]
    assert rate[first + 1] == pytest.approx(rate[0] / 2)
    app.text_input("edit-plateau-patience").set_value("99").run()
    assert "never falls" in "".join(one.value for one in app.markdown)
    app.text_input("edit-plateau-patience").set_value("0").run()
    assert not app.exception
    assert app.error


def test_the_editor_takes_no_run_without_validation_losses():
    with pytest.raises(ValueError, match="no recorded run 'nothing'"):
        schedule_editor.Options(run="nothing")


def test_on_the_long_valley_the_rates_are_tuned_and_momentum_wins():
    def height(kind, rate):
        return heights("valley", path("valley", kind, rate, 60))[50:].max()

    tuned = optimizer_race.TUNED["valley"]
    for kind, rate in tuned.items():
        others = [height(kind, other) for other in np.geomspace(0.02, 1.5, 80)]
        assert height(kind, rate) < 2 * min(others), kind
    assert 3 * height("momentum", tuned["momentum"]) < height("sgd", tuned["sgd"])
