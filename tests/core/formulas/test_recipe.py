"""Formulas carry the numbers of their recipe, and there is one for every optimizer, schedule and penalty."""

import numpy as np
import pytest

from backends.contract.recipes import LOSSES, OPTIMIZERS
from core.formulas import recipe as formulas
from core.recipe.losses import Focal, LogitAdjusted, SquaredError
from core.recipe.optimizers import SGD, Adadelta, AdamW, Momentum
from core.recipe.penalties import Penalties, Penalty
from core.recipe.schedules import (
    ConstantSchedule,
    CosineSchedule,
    ExponentialSchedule,
    InverseTimeSchedule,
    ReduceOnPlateau,
    RisingSchedule,
    StepSchedule,
    rate,
)


SCHEDULES = [
    ConstantSchedule(),
    StepSchedule(),
    ExponentialSchedule(),
    InverseTimeSchedule(),
    CosineSchedule(),
    CosineSchedule(lowest=0.1),
    ReduceOnPlateau(),
    ReduceOnPlateau(patience=3, factor=0.2, lowest=0.05),
    RisingSchedule(times=500),
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_every_optimizer_has_a_sentence_and_a_formula_with_all_its_numbers(optimizer):
    formula = formulas.optimizer(optimizer)
    assert formulas.SENTENCES[optimizer.kind]
    assert formula.count("{") == formula.count("}")
    for name, value in optimizer.model_dump(exclude={"kind"}).items():
        assert formulas.number(value) in formula, name


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda it: it.kind)
@pytest.mark.parametrize("warmup_steps", [0, 40])
def test_every_schedule_has_a_sentence_and_a_formula_with_all_its_numbers(schedule, warmup_steps):
    formula, sentence = (
        formulas.schedule(schedule, 0.3, warmup_steps),
        formulas.schedule_sentence(schedule, warmup_steps),
    )
    assert "0.3" in formula
    assert formula.count("{") == formula.count("}")
    assert ("step} / 40" in formula and "first 40 steps" in sentence) is (warmup_steps == 40)
    for name, value in schedule.model_dump(exclude={"kind"}).items():
        assert (
            value == 0 or formulas.number(value) in formula or (name == "patience" and f"often {value} ep" in sentence)
        )


@pytest.mark.parametrize(
    "schedule", [CosineSchedule(), CosineSchedule(lowest=0.1), RisingSchedule(times=500)], ids=lambda it: it.kind
)
def test_a_schedule_that_ends_says_what_its_t_and_its_end_are_and_prints_what_is_computed(schedule):
    """Of 140 steps 40 warm up: T is 100, and t counts the steps made since."""
    t, total = np.arange(100), 100
    computed = rate(schedule, 0.3, 40 + 1 + t, 140, 40)
    if isinstance(schedule, RisingSchedule):
        assert r"0.3\cdot (500)^{\,t / (T - 1)}" in formulas.schedule(schedule, 0.3, 40)
        assert computed == pytest.approx(0.3 * 500 ** (t / (total - 1)))
    else:
        assert r"\frac{1 + \cos(\pi\, t / T)}{2}" in formulas.schedule(schedule, 0.3, 40)
        wave = (1 + np.cos(np.pi * t / total)) / 2
        assert computed == pytest.approx(0.3 * (schedule.lowest + (1 - schedule.lowest) * wave))
    assert "t counts the steps after the warm-up; T is their total number." in formulas.schedule_sentence(schedule, 40)
    assert "t counts the steps; T is their total number." in formulas.schedule_sentence(schedule)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_every_loss_has_a_sentence_and_a_formula_with_all_its_numbers(loss):
    formula, sentence = formulas.loss(loss), formulas.loss_sentence(loss)
    assert sentence.startswith(formulas.SENTENCES[loss.kind])
    assert formula.count("{") == formula.count("}")
    assert ("summed" in sentence) is (loss.reduction == "sum")
    for name in ("label_smoothing", "gamma", "tau"):
        assert not getattr(loss, name, 0) or formulas.number(getattr(loss, name)) in formula, name


def test_losses_read_as_they_are_written_by_hand():
    assert r"L &= -(1 - p_y)^{2}\,\log p_y" in formulas.loss(Focal(gamma=2))
    assert r"z + 0.5\,\log \pi" in formulas.loss(LogitAdjusted(tau=0.5))
    assert r"\frac{1}{2} \sum_k (z_k - t_k)^2" in formulas.loss(SquaredError(classes="half sum"))
    assert "t_{k \\ne y} = -1" in formulas.loss(SquaredError())
    assert "t_{k \\ne y} = 0" in formulas.loss(SquaredError(targets="one-hot"))


def test_penalties_over_the_batches_say_so_and_name_the_loss():
    result = formulas.penalties(Penalties(dense=Penalty(l2=0.1, l1=0.2), over_batches=True), "focal loss")
    assert r"\frac{0.1}{2 m} \sum w" in result
    assert r"\frac{0.2}{m} \sum |w" in result
    assert "focal loss" in result


def test_formulas_read_as_they_are_written_by_hand():
    assert formulas.optimizer(SGD(learning_rate=0.1)) == r"\begin{aligned} w &\leftarrow w - 0.1\,g \end{aligned}"
    assert r"v &\leftarrow 0.9\,v - 0.05\,g \\[4pt] w &\leftarrow w + v" in formulas.optimizer(
        Momentum(learning_rate=0.05)
    )
    assert r"\frac{\sqrt{u + 10^{-6}}}{\sqrt{s + 10^{-6}}}\,g" in formulas.optimizer(Adadelta())
    assert r"w &\leftarrow w - 0.001\cdot 0.01\,w \\[4pt]" in formulas.optimizer(AdamW())


def test_the_loss_names_only_the_penalties_there_are():
    plain = r"\begin{aligned} L &= \text{cross-entropy} \end{aligned}"
    assert formulas.penalties(Penalties()) == plain
    result = formulas.penalties(Penalties(conv=Penalty(l2=0.1), output=Penalty(l1=2e-5)))
    assert r"&+ \frac{0.1}{2} \sum w_{\text{conv}}^2" in result
    assert "dense" not in result
    assert r"&+ 2\cdot 10^{-5} \sum |w_{\text{output}}|" in result
