"""The contract: what every backend must do, run over all that the registry knows. The NumPy reference is held to numbers
worked out by hand and to finite differences; the others are held to the same numbers and to the reference.

Write a new backend, install it, run tests/backends/contract. What it catches is itself tested in test_faults.py, which plants

    flattening with the channels last       -> test_flatten_keeps_each_channel_together
    kernels turned by 180 degrees           -> test_a_kernel_is_not_flipped
    the loss summed over the batch          -> test_the_loss_is_the_mean_over_the_batch
    the focus left out of the gradient      -> test_a_loss_and_its_gradient_are_those_of_the_mathematics
    targets 0 where -1 is asked for         -> test_a_loss_and_its_gradient_are_those_of_the_mathematics
    priors left out                         -> test_priors_are_those_of_the_labels_loaded_last
    weights left out of one loss            -> test_a_loss_and_its_gradient_are_those_of_the_mathematics
    the surplus of "same" on the top/left   -> test_same_padding_puts_its_surplus_right_and_below
    the step made with the old velocity     -> test_an_optimizer_makes_the_steps_worked_out_by_hand
    the rate outside the velocity           -> test_momentum_keeps_its_speed_when_the_rate_falls
    Nesterov without its look ahead         -> test_an_optimizer_makes_the_steps_worked_out_by_hand
    Adadelta's epsilon outside its roots    -> test_an_optimizer_makes_the_steps_worked_out_by_hand
    decay of the biases, too                -> test_decay_shrinks_weights_and_leaves_biases
    the first rate for all steps of a call  -> test_every_step_of_a_call_has_its_own_rate
    a penalty without its half              -> test_a_penalty_is_in_the_loss_and_pulls_as_worked_out_by_hand
    a gradient of 2 lambda w                -> test_a_penalty_is_in_the_loss_and_pulls_as_worked_out_by_hand
    classic dropout not scaled when off     -> test_classic_dropout_scales_when_it_is_off_and_only_masks_when_it_is_on
    penalties not over the batches          -> test_network3s_l2_is_divided_by_the_number_of_batches
    max-pool ties to the last cell          -> test_of_equal_cells_the_first_gets_the_gradient
    a fork that forgets one of its ways     -> test_a_shortcut_adds_the_input_and_the_gradient_of_a_fork_is_the_sum_of_...
    branches joined in the wrong order      -> test_branches_stand_one_after_the_other_and_each_gets_its_own_gradient
    zeros around a max pool                 -> test_a_window_over_the_border_summarises_the_cells_that_are_there
    dropout masks left unused               -> test_training_agrees_with_the_reference
    the unbiased variance kept              -> test_running_statistics_move_by_one_minus_momentum
    momentum the other way round            -> test_running_statistics_move_by_one_minus_momentum
    the unbiased variance in a step         -> test_batch_norm_takes_mean_and_deviation_out_as_on_paper
    mean and variance taken as constants    -> test_fifty_steps_of_every_layer_agree_with_the_reference
    predictions with the batch's statistics -> test_looking_takes_the_running_statistics_and_leaves_them
    running statistics left out of a state  -> test_every_layer_can_go_on_in_another_backend_and_come_back
    gamma and beta decayed                  -> test_decay_and_penalties_leave_gamma_and_beta_alone
    padding always of zeros                 -> test_the_padding_holds_its_value
    every map sees the first ones           -> test_a_map_that_does_not_see_another_does_not_feel_it
    weights that are not copied             -> test_a_state_is_a_copy

into the reference and sees each check go red.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import backends
from core.backend import State
from core.network.blocks import Branches, Residual
from core.network.costs import weight_shapes
from core.network.layers import (
    Activation,
    BatchNorm,
    Bias,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LocallyConnected,
    Pool,
)
from core.network.network import Network
from core.network.running_statistics import initial_statistics
from core.network.shapes import trace
from core.numerics import dropout
from core.random import generator
from core.recipe.losses import BinaryCrossEntropy, CrossEntropy, Focal, LogitAdjusted, SquaredError
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from core.recipe.penalties import Penalties, Penalty
from core.recipe.training import TrainingRecipe


OPTIMIZERS = {
    "sgd": SGD(rate=0.1),
    "momentum": Momentum(rate=0.05),
    "nesterov": Nesterov(rate=0.05),
    "adagrad": Adagrad(rate=0.05, epsilon=1e-4),  # smaller, and a first gradient of mere rounding is a whole step
    "adadelta": Adadelta(rate=1),
    "rmsprop": RMSProp(rate=0.005),
    "adam": Adam(rate=0.01),
    "adamw": AdamW(rate=0.01, decay=0.1),
}


# --- networks that together have every layer and every option ---------------------------------------------------------


def network(*layers, shape=(2, 7, 6)) -> Network:
    return Network(input_shape=shape, layers=layers)


def act(function: str, **options) -> Activation:
    return Activation(function=function, **options)


def conv(maps: int = 3, kernel=3, **options) -> Conv2D:
    return Conv2D(maps=maps, kernel=kernel, **options)


def local(maps: int = 3, kernel=3, **options) -> LocallyConnected:
    return LocallyConnected(maps=maps, kernel=kernel, **options)


HEAD = (Flatten(), Dense(units=3))
NETWORKS = {
    "dense": network(Flatten(), Dense(units=4), act("sigmoid"), Dense(units=5), act("tanh"), Dense(units=3)),
    "softmax inside": network(Flatten(), Dense(units=4), act("softmax"), Dense(units=3)),
    "softmax over channels": network(conv(), act("softmax"), *HEAD),
    "valid": network(conv(), act("relu"), conv(4, (2, 3)), act("linear"), *HEAD),
    "same, even kernel": network(conv(3, (2, 4), padding="same"), act("leaky_relu", slope=0.3), *HEAD),
    "same, stride 2": network(conv(3, 3, padding="same", stride=2), act("elu", alpha=0.7), *HEAD),
    "same, stride 2 and 3": network(conv(3, (4, 2), padding="same", stride=(2, 3)), *HEAD),
    "full": network(conv(3, (3, 2), padding="full"), act("elu"), *HEAD),
    "uneven numbers": network(conv(3, 3, padding=((1, 0), (0, 2)), stride=(2, 1)), *HEAD),
    "even numbers": network(conv(3, (3, 2), padding=(2, 1), stride=2), *HEAD),
    "dilation": network(conv(3, (3, 2), dilation=(2, 3), padding="same"), conv(2, 2, dilation=2), *HEAD),
    "dilation and stride": network(conv(2, (2, 3), dilation=(3, 2), stride=(2, 1), padding=1), *HEAD),
    "one cell": network(conv(3, (7, 6)), act("relu"), conv(4, 1), *HEAD),
    "max": network(conv(3, 2), Pool(window=2), *HEAD),
    "max, overlapping": network(Pool(window=(3, 2), stride=(2, 1)), *HEAD),
    "max, gaps": network(Pool(window=2, stride=3), *HEAD),
    "average, overlapping": network(Pool(how="average", window=(2, 3), stride=1), *HEAD),
    "sum, with a rest": network(Pool(how="sum", window=(3, 4), stride=(2, 2)), *HEAD),
    "l2, overlapping": network(act("relu"), Pool(how="l2", window=2, stride=1), *HEAD),
    "max, same": network(conv(3, 2), Pool(window=3, stride=1, padding="same"), *HEAD),
    "max, same, uneven": network(Pool(window=(2, 4), stride=(2, 3), padding="same"), act("relu"), *HEAD),
    "average, same": network(Pool(how="average", window=(4, 3), stride=(1, 2), padding="same"), *HEAD),
    "sum, same": network(Pool(how="sum", window=3, stride=2, padding="same"), *HEAD),
    "max, ceil": network(Pool(window=(2, 4), stride=(2, 3), padding="ceil"), act("relu"), *HEAD),
    "average, ceil": network(Pool(how="average", window=(4, 3), stride=(3, 2), padding="ceil"), *HEAD),
    "sum, ceil": network(Pool(how="sum", window=4, stride=3, padding="ceil"), *HEAD),
    "l2, ceil": network(Pool(how="l2", window=(3, 4), stride=(2, 3), padding="ceil"), *HEAD),
    "l2, same": network(Pool(how="l2", window=(3, 2), stride=1, padding="same"), *HEAD),
    "maxout": network(conv(6), act("maxout", pieces=3), Flatten(), Dense(units=6), act("maxout"), Dense(units=2)),
    "classic dropout, also on the input": network(Dropout(rate=0.2, how="classic"), conv(), Dropout(rate=0.4), *HEAD),
    "padded with -1": network(conv(3, 3, padding=((1, 0), (2, 1)), pad_value=-1), act("tanh"), *HEAD),
    "same, padded with 0.5": network(conv(3, 3, padding="same", pad_value=0.5, stride=2), *HEAD),
    "a bias a unit": network(conv(3, 3, bias="per unit", stride=(2, 1)), act("relu"), *HEAD),
    "no biases": network(conv(3, 3, bias="none"), act("elu"), Flatten(), Dense(units=3, bias="none")),
    "3 of 4 maps": network(conv(4), act("relu"), conv(6, 2, sees=3), conv(3, 2, sees=2, bias="none"), *HEAD),
    "2 of 4 maps, unit biases": network(
        conv(4), conv(5, 3, sees=2, bias="per unit", dilation=2, padding="same"), *HEAD
    ),
    "one map each": network(conv(4), conv(4, 3, sees=1, padding="same", stride=2), *HEAD),
    "locally connected": network(local(3, (2, 3)), act("relu"), local(2, 2, stride=(2, 1)), *HEAD),
    "local, same padding, map biases": network(local(3, 3, padding="same", pad_value=-1, bias="per map"), *HEAD),
    "local, no bias": network(local(3, 3, stride=2, padding=1, bias="none"), *HEAD),
    "biases of their own": network(
        conv(3, bias="none"), Pool(), Bias(), act("relu"), Bias(bias="per unit"), Flatten(), Bias(), Dense(units=3)
    ),
    "mean of maps": network(conv(4), act("relu"), GlobalAveragePool(), Dense(units=3)),
    "batch norm": network(conv(bias="none"), BatchNorm(), act("relu"), BatchNorm(epsilon=0.01), *HEAD),
    "batch norm of lists": network(
        Flatten(), Dense(units=4, bias="none"), BatchNorm(momentum=0.5), act("tanh"), Dense(units=3)
    ),
    "batch norm first": network(BatchNorm(), conv(), act("relu"), GlobalAveragePool(), BatchNorm(), Dense(units=3)),
    "dropout": network(conv(), Dropout(rate=0.3), Flatten(), Dense(units=4), Dropout(rate=0.5), Dense(units=3)),
    "residual, identity": network(
        conv(3, padding="same"), Residual(layers=[conv(3, padding="same"), act("relu")]), act("relu"), *HEAD
    ),
    "residual, 1x1 with strides": network(
        Residual(layers=[conv(5, 3, padding="same", stride=(2, 3)), act("elu"), conv(5, 1)], shortcut="1x1"), *HEAD
    ),
    "residual of numbers": network(
        Flatten(), Dense(units=4), Residual(layers=[act("tanh"), Dense(units=4)]), Dense(units=2)
    ),
    "branches": network(
        Branches(
            rows=[
                [conv(2, 1), act("relu")],
                [conv(3, 1), act("relu"), conv(4, 3, padding="same")],
                [],
                [act("relu"), Pool(window=3, stride=1, padding="same"), conv(2, 1)],
            ]
        ),
        *HEAD,
    ),
    "branches of maxout and dropout": network(
        conv(4),
        Branches(rows=[[act("maxout")], [Dropout(rate=0.4), conv(3, 1)], [act("linear")], [Dropout(rate=0.5)]]),
        *HEAD,
    ),
    "branches of numbers": network(
        Flatten(), Branches(rows=[[Dense(units=3), act("sigmoid")], [], [Dense(units=2)]]), Dense(units=3)
    ),
    "residual with batch norm": network(
        conv(3),
        Residual(
            layers=[
                conv(4, 3, padding="same", stride=2, bias="none"),
                BatchNorm(),
                act("relu"),
                conv(4, 1, bias="none"),
                BatchNorm(),
            ],
            shortcut="1x1",
        ),
        act("relu"),
        *HEAD,
    ),
    "blocks in blocks": network(
        Branches(
            rows=[
                [Residual(layers=[act("linear"), Branches(rows=[[conv(1, 1)], [Dropout(rate=0.3), conv(1, 1)]])])],
                [
                    Residual(layers=[conv(3, 3, padding="same")], shortcut="1x1"),
                    act("relu"),
                    Residual(layers=[act("tanh")]),
                ],
            ]
        ),
        *HEAD,
    ),
}
each_network = pytest.mark.parametrize("subject", NETWORKS.values(), ids=NETWORKS)


def weights_for(subject: Network, seed: int = 5) -> dict:
    """Biases that are not zero, too: what is zero hides mistakes."""
    chance = generator(seed, "contract weights")
    return {
        f"{step.layer.name}.{part}": frozen(chance.normal(0, 0.5, shape))
        for step in trace(subject)
        for part, shape in weight_shapes(step).items()
    }


def statistics_for(subject: Network, seed: int = 5) -> dict:
    """Running statistics that are not those of the start."""
    chance = generator(seed, "contract statistics")
    start = initial_statistics(subject, np.float64)
    return {name: frozen(values + chance.uniform(0.1, 1.5, values.shape)) for name, values in start.items()}


def pictures(count: int, shape, seed: int = 6):
    """Rounded to hundredths, so that the numbers can be read."""
    return frozen(np.round(generator(seed, "contract pictures").normal(0, 1, (count, *shape)), 2))


def seeds(count: int, classes: int):
    return frozen(generator(7, "contract seeds").normal(0, 1, (count, classes)))


def frozen(array):
    """Data sets, weights and masks come read-only."""
    array.flags.writeable = False
    return array


def model(backend, subject: Network, weights=None, optimizer=None, precision="float64", **training):
    recipe = TrainingRecipe(optimizer=optimizer or SGD(), precision=precision, **training)
    weights = weights_for(subject) if weights is None else weights
    made = backend.build(subject, weights, recipe)
    if statistics := statistics_for(subject):
        made.restore(State(weights, statistics=statistics))
    return made


def reference():
    return backends.load("reference")


def off(found, expected) -> float:
    """The largest difference, as a share of the largest number expected."""
    assert found.shape == expected.shape
    return np.max(np.abs(found - expected), initial=0) / max(np.max(np.abs(expected), initial=0), 1e-300)


def assert_agree(found: dict, expected: dict, within: float) -> None:
    assert list(found) == list(expected)
    for name in expected:
        assert off(found[name], expected[name]) < within, name


def assert_same(found: dict, expected: dict) -> None:
    assert list(found) == list(expected)
    for name in expected:
        assert_array_equal(found[name], expected[name], err_msg=name)


def by_name(slots: dict) -> dict:
    """Slots have no order."""
    return dict(sorted(slots.items()))


# --- training

SMALL_CNN = network(
    conv(4, 3, padding="same"),
    act("relu"),
    Pool(window=2),
    Dropout(rate=0.25),
    Flatten(),
    Dense(units=8),
    act("tanh"),
    Dropout(rate=0.5),
    Dense(units=3),
)
ROWS, BATCH = 43, 8  # five batches of 8, then one of 3


def training_set():
    chance = generator(8, "contract labels")
    return pictures(ROWS, SMALL_CNN.input_shape), frozen(chance.integers(0, 3, ROWS))


def ready(backend, optimizer, precision="float64", weight=None, subject=SMALL_CNN, **training):
    """A model on the training set."""
    weights = {name: frozen((w / 2).astype(precision)) for name, w in weights_for(subject).items()}
    found = model(backend, subject, weights, optimizer, precision, **training)
    x, y = training_set()
    found.load(frozen(x.astype(precision)), y, weight)
    return found


def go_on(subject, first: int, last: int, rate: float, rates=None, its_network=SMALL_CNN):
    """Steps first+1 ... last: whole batches in one call, the small last batch of an epoch in a call of its own. The
    rate falls by a tenth each epoch, unless `rates` gives that of every step."""
    losses, per_epoch = [], -(-ROWS // BATCH)
    while first < last:
        epoch, at = divmod(first, per_epoch)
        whole = min(ROWS // BATCH - at, last - first)
        rows = generator(9, "contract order", epoch).permutation(ROWS)
        order = rows[at * BATCH : (at + whole) * BATCH].reshape(whole, BATCH) if whole > 0 else rows[None, at * BATCH :]
        drawn = [dropout.masks(its_network, 9, first + s + 1, order.shape[1]) for s in range(len(order))]
        stacked = {name: frozen(np.stack([masks[name] for masks in drawn])) for name in drawn[0]}
        own = np.full(len(order), rate * 0.9**epoch) if rates is None else rates[first : first + len(order)]
        losses.extend(subject.steps(order, own, stacked))
        first += len(order)
    return np.array(losses)


def fifty_steps_agree(backend, made, rates, its_network=SMALL_CNN):
    ours, theirs = made(reference()), made(backend)
    expected, found = (go_on(it, 0, 50, 0, rates, its_network) for it in (ours, theirs))
    assert_allclose(found, expected, rtol=1e-9)
    assert_agree(theirs.state().weights, ours.state().weights, within=1e-9)


LOSSES = {
    "cross-entropy": CrossEntropy(),
    "cross-entropy, smoothed": CrossEntropy(smoothing=0.1),
    "cross-entropy, summed": CrossEntropy(reduction="sum"),
    "focal": Focal(gamma=2),
    "focal, gamma 0.5": Focal(gamma=0.5),
    "focal, gamma 0": Focal(gamma=0),
    "logit-adjusted": LogitAdjusted(tau=1.5),
    "one yes or no a class": BinaryCrossEntropy(),
    "squared error, signed": SquaredError(),
    "squared error, one-hot": SquaredError(targets="one-hot"),
    "half the squared error, summed": SquaredError(classes="half sum", reduction="sum"),
}
each_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)


PENALTIES = {
    "l2": Penalties(**dict.fromkeys(("conv", "dense", "output"), Penalty(l2=0.1))),
    "l2 by group": Penalties(conv=Penalty(l2=0.2), dense=Penalty(l2=0.02), output=Penalty(l2=0.5)),
    "l1": Penalties(**dict.fromkeys(("conv", "dense", "output"), Penalty(l1=0.01))),
    "both by group": Penalties(conv=Penalty(l1=0.03), dense=Penalty(l2=0.1, l1=0.01)),
    "over batches": Penalties(conv=Penalty(l2=0.5), dense=Penalty(l2=1.0, l1=0.1), over_batches=True),
}


def maps_of(backend, layer, x, **weights):
    """One layer over one picture (or several channels): its output."""
    return one_layer(backend, layer, x, **weights)[0].activations(picture(x))["it"][0]


def one(rows):
    """A kernel (or map) as (1, 1, kh, kw)."""
    return [[rows]]


def some_steps(it, first: int, last: int, rate=0.01):
    """Steps of 7 rows, every third of 3 rows and in a call of its own."""
    losses = []
    for step in range(first, last):
        rows = generator(12, "contract rows", step).permutation(ROWS)[: 3 if step % 3 == 2 else 7]
        losses.extend(it.steps(rows[None], np.array([rate]), {}))
    return np.array(losses)


def ready_for(backend, name: str, optimizer=None, precision="float64", **training):
    subject = NETWORKS[name]
    weights = {key: frozen((w / 2).astype(precision)) for key, w in weights_for(subject).items()}
    it = model(backend, subject, weights, optimizer, precision, **training)
    x, y = training_set()
    it.load(frozen(x.astype(precision)), y)
    return it


def one_layer(backend, layer, x, kernels=None, bias=0.0):
    """A network that shows one layer's numbers as its logits; where the layer learns nothing, a dense layer that copies
    follows, since a network without any weights need not be trainable. -> model, names of the layer's weights."""
    shape, it = picture(x).shape[1:], layer.model_copy(update={"name": "it"})
    if kernels is not None:
        weights = {"it.weights": np.array(kernels, float), "it.biases": np.full(len(kernels), bias)}
        return model(backend, network(it, Flatten(), shape=shape), weights), list(weights)
    cells = trace(network(it, Flatten(), shape=shape))[-1].output[0]
    weights = {"copy.weights": np.eye(cells), "copy.biases": np.zeros(cells)}
    return model(backend, network(it, Flatten(), Dense(units=cells, name="copy"), shape=shape), weights), []


def picture(x):
    """Rows, or channels of rows -> (1, C, H, W)."""
    x = np.array(x, float)
    return x[None, None] if x.ndim == 2 else x[None]
