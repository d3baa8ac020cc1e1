"""The backward passes of lesson 12: by hand, by nudging, by PyTorch; ties of a maximum; products that add up."""

import numpy as np
import pytest

from backends.contract.golden import G06, G09
from core.demos.images.convolution_2d import slide
from core.demos.images.input_gradients import SizeError, nudged, through_convolution, through_pooling
from core.random import generator
from tests.support.browser import open_page
from tests.support.lesson_pages import MOVING, answer_all
from tests.support.lessons import LESSONS


SOME = [[0, 0, 1], [2, 0, 0], [0, -1, 0.5]]


def test_the_sum_of_the_map_pulls_as_worked_out_once():
    gradients = through_convolution(G06["x"], G06["kernel"])
    assert gradients.map.tolist() == G06["valid"]
    assert gradients.kernel_gradient.tolist() == G06["kernel_gradient"]
    assert gradients.input_gradient.tolist() == G06["input_gradient"]


def test_the_kernel_gradient_is_a_correlation_and_the_input_gradient_a_full_convolution():
    gradients = through_convolution(G06["x"], G06["kernel"], SOME)
    assert gradients.kernel_gradient == pytest.approx(slide(G06["x"], SOME).map)
    assert gradients.input_gradient == pytest.approx(slide(SOME, G06["kernel"], "full", flip=True).map)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("flip", [False, True])
def test_nudging_says_what_the_way_back_says(stride, flip):
    rng = generator(1, "test", stride)
    x, w = rng.normal(size=(6, 7)), rng.normal(size=(3, 2))
    upstream = rng.normal(size=through_convolution(x, w, None, stride).map.shape)
    gradients = through_convolution(x, w, upstream, stride, flip)
    by_weight, by_pixel = nudged(x, w, upstream, stride, flip)
    assert by_weight == pytest.approx(gradients.kernel_gradient, abs=1e-8)
    assert by_pixel == pytest.approx(gradients.input_gradient, abs=1e-8)
    assert gradients.map == pytest.approx(slide(x, w, stride=stride, flip=flip).map)


@pytest.mark.parametrize("mode", ["max", "average"])
def test_a_pooling_hands_down_as_worked_out_once(mode):
    gradients = through_pooling(G09["x"], G09["upstream"], mode)
    assert gradients.map.tolist() == G09[mode]
    assert gradients.gradient.tolist() == G09[f"{mode}_gradient"]


@pytest.mark.parametrize("ties, third", [("first", [3, 0, 0, 0]), ("last", [0, 0, 0, 3]), ("shared", [0.75] * 4)])
def test_four_equal_numbers_divide_their_upstream_by_the_rule(ties, third):
    gradients = through_pooling(G09["x"], G09["upstream"], ties=ties)
    assert gradients.gradient[2:, :2].ravel().tolist() == third
    assert gradients.gradient.sum() == np.sum(G09["upstream"])
    assert sum(share for _, _, share in gradients.shares[1][0]) == 1


@pytest.mark.parametrize("mode", ["max", "average"])
@pytest.mark.parametrize("stride", [1, 2])
def test_pytorch_hands_down_the_same(mode, stride):
    torch = pytest.importorskip("torch")
    x = torch.tensor(np.array(G09["x"], np.float64)[None], requires_grad=True)
    pool = {"max": torch.nn.functional.max_pool2d, "average": torch.nn.functional.avg_pool2d}[mode]
    y = pool(x, 2, stride)
    upstream = torch.arange(1.0, y.numel() + 1, dtype=torch.float64).reshape(y.shape)
    y.backward(upstream)
    gradients = through_pooling(G09["x"], upstream[0].numpy(), mode, stride=stride)
    assert gradients.gradient == pytest.approx(x.grad[0].numpy())


def test_an_upstream_of_another_size_is_refused_in_a_sentence():
    with pytest.raises(SizeError, match="2 x 2 numbers, but the output has 3 x 3"):
        through_convolution(G06["x"], G06["kernel"], [[1, 2], [3, 4]])
    with pytest.raises(SizeError, match="1 x 1 numbers, but the output has 2 x 2"):
        through_pooling(G09["x"], [[1]])
    with pytest.raises(SizeError, match="does not fit"):
        through_convolution([[1, 2]], [[1], [2]])


@pytest.mark.slow
@pytest.mark.browser
def test_every_cell_of_a_gradient_shows_products_that_add_up_to_what_core_computed(browser, address):
    """And an upstream number that is set in the browser comes back as another gradient."""
    page = open_page(browser, f"{address}/lesson?lesson=l12")
    answer_all(page, LESSONS["en/l12"])
    seen = page.locator(MOVING).evaluate_all(
        """all => all.flatMap(grid => { const widget = grid.closest('.widget'), found = [];
          if (!widget.dataset.terms) return found;
          for (const cell of grid.children) {
            cell.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, composed: true }));
            found.push([widget.dataset.cell, Number(widget.dataset.value), JSON.parse(widget.dataset.terms)]);
          }
          return found; })"""
    )
    assert len({cell for cell, _, _ in seen}) == 9 + 25
    for cell, value, terms in seen:
        assert sum(a * b for a, b in terms) == pytest.approx(value, abs=1e-9), cell
    widget = page.locator(".widget", has=page.locator("#set")).first
    widget.locator("#set").fill("3")
    widget.locator("#set").press("Enter")
    more = through_convolution(G06["x"], G06["kernel"], [[3, 1, 1], [1, 1, 1], [1, 1, 1]]).kernel_gradient
    for key in ("Home", "PageUp"):
        widget.locator("[role=application]").last.press(key)
    page.wait_for_function(
        "([widget, value]) => Number(widget.dataset.value) === value", arg=[widget.element_handle(), more[0, 0]]
    )
    assert page.errors == []
