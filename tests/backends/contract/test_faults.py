"""Does the contract suite notice faults? Each is planted in the reference, and the test that covers it must fail.

A fault is a patch that is active only while the faulty backend computes: the reference it is compared with stays sound.
"""

from unittest.mock import patch

import numpy as np
import pytest

import backends
from backends.contract import (
    networks,
    test_by_hand,
    test_explain,
    test_layers,
    test_losses,
    test_state_transfer,
    test_steps,
)
from backends.reference import layers, model as reference_model
from core.backend import Backend, Model, State
from core.network.shapes import pads
from core.numerics import (
    activations,
    batch_norm,
    combinators,
    convolution,
    dense,
    dropout,
    losses,
    optimizers,
    penalties,
    pooling,
)
from core.numerics.windows import cropped, padded
from core.recipe.losses import BinaryCrossEntropy, Focal, SquaredError
from core.recipe.optimizers import SGD, Adadelta, AdamW, Momentum, Nesterov
from core.recipe.penalties import Penalty


CONVOLUTION, MAXIMUM = convolution.forward, pooling.max_pool
BATCH_LOSS, FOCAL, TARGETS = losses.batch_loss, losses.focal, losses.targets
DROPOUT, JOIN = dropout.forward, combinators.join
STEPS, STATE = reference_model.ReferenceModel.steps, reference_model.ReferenceModel.state
FIXED, PADDED, MOVED_STATISTICS = batch_norm.fixed, convolution.padded, reference_model.moved_statistics


def channels_last(x):
    moved = np.moveaxis(x, 1, -1)
    return moved.reshape(len(x), -1), lambda dy: (np.moveaxis(dy.reshape(moved.shape), -1, 1), {})


def flipped(x, W, b, *options):
    y, backprop = CONVOLUTION(x, W[:, :, ::-1, ::-1], b, *options)

    def backprop_flipped(dy):
        dx, result = backprop(dy)
        return dx, result | {"weights": result["weights"][:, :, ::-1, ::-1]}

    return y, backprop_flipped


def summed(loss, outputs, labels, weight, offsets):
    value, slopes = BATCH_LOSS(loss, outputs, labels, weight, offsets)
    return value * len(labels), slopes * len(labels)


def unfocused(logits, labels, gamma):
    values, _ = FOCAL(logits, labels, gamma)
    return values, losses.cross_entropy(logits, labels)[1]


def never_negative(labels, outputs, lowest=0):
    return TARGETS(labels, outputs)


def no_priors(loss, labels, classes):
    return np.zeros(classes)


def unweighted(loss, outputs, labels, weight, offsets):
    return BATCH_LOSS(loss, outputs, labels, None, offsets)


def surplus_first(layer, height, width):
    (top, bottom), (left, right) = pads(layer, height, width)
    return (bottom, top), (right, left)


def old_velocity(w, g, v, rate, mu):
    return w + v, mu * v - rate * g


def rate_outside(w, g, v, rate, mu):
    return w - rate * (mu * v + g), mu * v + g


def blind_nesterov(w, g, v, rate, mu):
    v = mu * v - rate * g
    return w + v, v


def epsilon_outside(w, g, s, u, rate, rho, epsilon):
    s = rho * s + (1 - rho) * g * g
    step = (np.sqrt(u) + epsilon) / (np.sqrt(s) + epsilon) * g
    return w - rate * step, s, rho * u + (1 - rho) * step * step


def first_rate(self, order, rates, masks):
    return STEPS(self, order, np.full_like(rates, rates[0]), masks)


def without_half(w, penalty):
    return penalty.l2 * np.sum(w * w) + penalty.l1 * np.sum(np.abs(w))


def twice_the_weight(w, penalty):
    return 2 * penalty.l2 * w + penalty.l1 * np.sign(w)


def last_of_equals(x, window, stride, pads):
    y, backprop = MAXIMUM(x[:, :, ::-1, ::-1], window, stride)
    return y[:, :, ::-1, ::-1], lambda dy: (backprop(dy[:, :, ::-1, ::-1])[0][:, :, ::-1, ::-1], {})


def first_path_only(*ways_back):
    (dx, _), *_ = ways_back
    return dx, {name: gradient for _, gradients in ways_back for name, gradient in gradients.items()}


def last_branch_first(layers):
    return JOIN(layers[::-1])


def zeros_around_a_pool(x, window, stride, pads):
    y, backprop = MAXIMUM(padded(x, pads), window, stride)
    return y, lambda dy: (cropped(backprop(dy)[0], pads), {})


def all_kept(x, mask, rate, mode):
    return activations.linear(x)


def unbiased(x):
    others = (0, *range(2, x.ndim))
    return x.mean(axis=others), x.var(axis=others, ddof=1)


def unbiased_kept(layer, x, statistics):
    with patch.object(batch_norm, "moments", unbiased):
        return MOVED_STATISTICS(layer, x, statistics)


def other_way_round(running, batch, momentum):
    return (1 - momentum) * running + momentum * batch


def moments_taken_as_constants(x, gamma, beta, epsilon):
    return batch_norm.fixed(x, gamma, beta, *batch_norm.moments(x), epsilon)


def always_of_the_batch(x, gamma, beta, mean, variance, epsilon):
    return FIXED(x, gamma, beta, *batch_norm.moments(x), epsilon)


def without_statistics(model):
    return State(**{**vars(STATE(model)), "statistics": {}})


def zeros_around(x, pads, value=0.0):
    return PADDED(x, pads)


def all_seen_from_the_first_on(filters, channels, inputs_per_filter):
    return np.tile(np.arange(inputs_per_filter or channels), (filters, 1))


def own_arrays(model):
    return State(model._weights, model._slots, model._step)


def by_hand(optimizer):
    return lambda backend: test_steps.test_an_optimizer_makes_the_steps_worked_out_by_hand(backend, optimizer)


def penalty(backend):
    of_dense, of_output = Penalty(l2=0.1), Penalty(l2=0.01)
    test_steps.test_a_penalty_is_in_the_loss_and_pulls_as_worked_out_by_hand(backend, of_dense, of_output, 0.29625)


def of_loss(loss):
    return lambda backend: test_losses.test_a_loss_and_its_gradient_are_those_of_the_mathematics(backend, loss)


def classic_left_as_it_is(x, mask, rate, mode):
    return DROPOUT(x, mask, rate, mode if mask is not None else "inverted")


def training(backend):
    test_steps.test_training_agrees_with_the_reference(backend, SGD(learning_rate=0.1), "float64", 10, 1e-12, 1e-8)


def batch_norm_training(backend):
    test_layers.test_fifty_steps_of_every_layer_agree_with_the_reference(backend, "batch norm")


FAULTS = {
    "flattening with the channels last": (
        patch.object(dense, "flatten", channels_last),
        test_by_hand.test_flatten_keeps_each_channel_together,
    ),
    "kernels turned by 180 degrees": (
        patch.object(convolution, "forward", flipped),
        test_by_hand.test_a_kernel_is_not_flipped,
    ),
    "the loss summed over the batch": (
        patch.object(losses, "batch_loss", summed),
        test_steps.test_the_loss_is_the_mean_over_the_batch,
    ),
    "the focus left out of the gradient": (patch.object(losses, "focal", unfocused), of_loss(Focal())),
    "targets 0 where -1 is asked for": (patch.object(losses, "targets", never_negative), of_loss(SquaredError())),
    "priors left out": (
        patch.object(losses, "prior_offsets", no_priors),
        test_losses.test_priors_are_those_of_the_labels_loaded_last,
    ),
    "weights left out": (patch.object(losses, "batch_loss", unweighted), of_loss(BinaryCrossEntropy())),
    "the surplus of same on the top and left": (
        patch.object(layers, "pads", surplus_first),
        test_by_hand.test_same_padding_puts_its_surplus_right_and_below,
    ),
    "the step made with the old velocity": (
        patch.object(optimizers, "momentum", old_velocity),
        by_hand(Momentum(learning_rate=0.1, momentum=0.9)),
    ),
    "the learning rate outside the velocity": (
        patch.object(optimizers, "momentum", rate_outside),
        lambda backend: test_steps.test_momentum_keeps_its_speed_when_the_rate_falls(backend, Momentum(momentum=0.9)),
    ),
    "Nesterov without its look ahead": (
        patch.object(optimizers, "nesterov", blind_nesterov),
        by_hand(Nesterov(learning_rate=0.1, momentum=0.9)),
    ),
    "Adadelta's epsilon outside its roots": (
        patch.object(optimizers, "adadelta", epsilon_outside),
        by_hand(Adadelta(learning_rate=1, rho=0.9, epsilon=1e-6)),
    ),
    "decay of the biases, too": (
        patch.object(optimizers, "decays", lambda name: True),
        test_steps.test_decay_shrinks_weights_and_leaves_biases,
    ),
    "the first learning rate for all steps of a call": (
        patch.object(reference_model.ReferenceModel, "steps", first_rate),
        test_steps.test_every_step_of_a_call_has_its_own_rate,
    ),
    "a penalty without its half": (patch.object(penalties, "cost", without_half), penalty),
    "a gradient of 2 lambda w": (patch.object(penalties, "gradient", twice_the_weight), penalty),
    "max-pool ties to the last cell": (
        patch.dict(layers._POOLS, max=last_of_equals),
        test_by_hand.test_of_equal_cells_the_first_gets_the_gradient,
    ),
    "a fork that forgets the path of the shortcut": (
        patch.object(combinators, "sum_gradients", first_path_only),
        test_by_hand.test_a_shortcut_adds_the_input_and_the_gradient_of_a_fork_is_the_sum_of_its_ways,
    ),
    "branches joined in the wrong order": (
        patch.object(combinators, "join", last_branch_first),
        test_by_hand.test_branches_stand_one_after_the_other_and_each_gets_its_own_gradient,
    ),
    "a border of zeros around a max pool": (
        patch.dict(layers._POOLS, max=zeros_around_a_pool),
        lambda backend: test_by_hand.test_a_window_over_the_border_summarises_the_cells_that_are_there(
            backend, "max", [2, 3, 3]
        ),
    ),
    "dropout masks left unused": (patch.object(dropout, "forward", all_kept), training),
    "classic dropout not scaled when it is off": (
        patch.object(dropout, "forward", classic_left_as_it_is),
        test_steps.test_classic_dropout_scales_when_it_is_off_and_only_masks_when_it_is_on,
    ),
    "penalties not over the batches": (
        patch.object(penalties, "batches", lambda recipe, rows: 1),
        test_steps.test_network3s_l2_is_divided_by_the_number_of_batches,
    ),
    "the unbiased variance kept": (
        patch.object(reference_model, "moved_statistics", unbiased_kept),
        test_layers.test_running_statistics_move_by_one_minus_momentum,
    ),
    "momentum the other way round": (
        patch.object(batch_norm, "moved", other_way_round),
        test_layers.test_running_statistics_move_by_one_minus_momentum,
    ),
    "the unbiased variance in a step": (
        patch.object(batch_norm, "moments", unbiased),
        test_layers.test_batch_norm_takes_mean_and_deviation_out_as_on_paper,
    ),
    "mean and variance taken as constants": (
        patch.object(batch_norm, "from_batch", moments_taken_as_constants),
        batch_norm_training,
    ),
    "predictions with the batch's statistics": (
        patch.object(batch_norm, "fixed", always_of_the_batch),
        test_layers.test_looking_takes_the_running_statistics_and_leaves_them,
    ),
    "running statistics left out of a state": (
        patch.object(reference_model.ReferenceModel, "state", without_statistics),
        lambda backend: test_state_transfer.test_every_layer_can_go_on_in_another_backend_and_come_back(
            backend, "batch norm"
        ),
    ),
    "gamma and beta decayed": (
        patch.object(optimizers, "decays", lambda name: not name.endswith(".biases")),
        lambda backend: test_layers.test_decay_and_penalties_leave_gamma_and_beta_alone(
            backend, AdamW(weight_decay=0.5)
        ),
    ),
    "padding always of zeros": (
        patch.object(convolution, "padded", zeros_around),
        test_layers.test_the_padding_holds_its_value,
    ),
    "every filter sees the first channels": (
        patch.object(layers, "seen", all_seen_from_the_first_on),
        test_layers.test_a_map_that_does_not_see_another_does_not_feel_it,
    ),
    "a state that is not a copy": (
        patch.object(reference_model.ReferenceModel, "state", own_arrays),
        test_explain.test_a_state_is_a_copy,
    ),
}
each_fault = pytest.mark.parametrize("fault, check", FAULTS.values(), ids=FAULTS)


class FaultyBackend(Backend):
    """The reference with a fault in it."""

    def __init__(self, fault):
        self.fault, self.sound = fault, backends.load("reference")

    def devices(self):
        return self.sound.devices()

    def version(self):
        return self.sound.version()

    def build(self, network, weights, training, device="cpu"):
        return FaultyModel(self.fault, self.sound.build(network, weights, training, device))


class FaultyModel(Model):
    def __init__(self, fault, sound):
        self.fault, self.sound = fault, sound

    def load(self, x, y, weight=None):
        with self.fault:
            self.sound.load(x, y, weight)

    def steps(self, order, rates, masks):
        with self.fault:
            return self.sound.steps(order, rates, masks)

    def predict(self, x):
        with self.fault:
            return self.sound.predict(x)

    def activations(self, x):
        with self.fault:
            return self.sound.activations(x)

    def gradients(self, x, seed):
        with self.fault:
            return self.sound.gradients(x, seed)

    def state(self):
        with self.fault:
            return self.sound.state()

    def restore(self, state):
        self.sound.restore(state)


@each_fault
def test_the_check_sees_its_fault(fault, check):
    with pytest.raises(AssertionError):
        check(FaultyBackend(fault))


@each_fault
def test_the_check_is_silent_without_the_fault(fault, check):
    check(backends.load("reference"))


def overwritten(x, met, kernel, outputs, stride, dilation):
    met = met.reshape(x.shape[1], *kernel, len(x), *outputs)
    for u, v, position in convolution.cells(outputs, kernel, stride, dilation):
        x[position] = met[:, u, v].swapaxes(0, 1)


def test_finite_differences_see_a_gradient_that_forgets_overlapping_windows():
    with patch.object(convolution, "add_columns", overwritten), pytest.raises(AssertionError):
        test_explain.test_the_reference_agrees_with_finite_differences(networks.NETWORKS["valid"])


@pytest.mark.parametrize("name", test_steps.block_networks())
def test_finite_differences_see_a_fork_that_forgets_a_way(name):
    with patch.object(combinators, "sum_gradients", first_path_only), pytest.raises(AssertionError):
        test_explain.test_the_reference_agrees_with_finite_differences(networks.NETWORKS[name])
