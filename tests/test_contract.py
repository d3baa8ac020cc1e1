"""The contract: what every backend must do, run over all that the registry knows. The NumPy reference is held to numbers
worked out by hand and to finite differences; the others are held to the same numbers and to the reference.

Write a new backend, install it, run this file. What it catches is itself tested in test_contract_faults.py, which plants

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
from core.backend import BackendError, State
from core.experiment import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    Penalties,
    Penalty,
    RMSProp,
    TrainingRecipe,
)
from core.losses import BinaryCrossEntropy, CrossEntropy, Focal, LogitAdjusted, SquaredError
from core.maths import dropout, losses as loss_maths
from core.network.composites import Branches, Residual
from core.network.counting import weight_shapes
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
from core.network.shapes import outline, trace
from core.network.statistics import initial_statistics
from core.random import generator
from core.schedules import ConstantRate, CosineRate, ExponentialRate, InverseRate, StepRate, rate as rate_of
from tests import golden


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


@pytest.fixture(scope="module", params=backends.names())
def backend(request):
    """Each backend; one whose framework is not installed is skipped, one that does not import fails."""
    if (reason := backends.missing(request.param)) is not None:
        pytest.skip(reason)
    return backends.load(request.param)


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


# --- looking inside ---------------------------------------------------------------------------------------------------


def test_the_cpu_comes_first(backend):
    assert backend.devices()[0].id == "cpu" and backend.devices()[0].name


def test_the_version_is_a_word(backend):
    assert backend.version()


def test_an_unknown_device_is_refused_in_words(backend):
    with pytest.raises(BackendError, match="abacus"):
        backend.build(NETWORKS["max"], weights_for(NETWORKS["max"]), TrainingRecipe(), "abacus:0")


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_weights_come_back_as_they_were_given(backend, precision):
    given = {name: w.astype(precision) for name, w in weights_for(NETWORKS["valid"]).items()}
    state = model(backend, NETWORKS["valid"], given, precision=precision).state()
    assert list(state.weights) == list(given) and state.step == 0
    for name, w in given.items():
        assert state.weights[name].dtype == precision
        assert_array_equal(state.weights[name], w)


@each_network
def test_activations_have_the_inferred_shapes_and_agree_with_the_reference(backend, subject):
    x, other = pictures(3, subject.input_shape), model(backend, subject)
    found = other.activations(x)
    assert [(name, a.shape) for name, a in found.items()] == [(s.layer.name, (3, *s.output)) for s in trace(subject)]
    assert_agree(found, model(reference(), subject).activations(x), within=1e-12)
    assert_allclose(other.predict(x), list(found.values())[-1], rtol=1e-12, atol=1e-14)


@each_network
def test_gradients_agree_with_the_reference(backend, subject):
    x, seed = pictures(3, subject.input_shape), seeds(3, trace(subject)[-1].output[0])
    found = model(backend, subject).gradients(x, seed)
    expected = model(reference(), subject).gradients(x, seed)
    assert off(found.input, expected.input) < 1e-12
    assert_agree(found.weights, expected.weights, within=1e-12)
    assert_agree(found.activations, expected.activations, within=1e-12)


def test_numbers_come_in_the_recipes_precision(backend):
    subject = NETWORKS["max"]
    other = model(backend, subject, precision="float32")
    gradients = other.gradients(pictures(2, subject.input_shape), seeds(2, 3))
    arrays = [other.predict(pictures(2, subject.input_shape)), gradients.input, *gradients.weights.values()]
    assert {array.dtype for array in arrays} == {np.dtype("float32")}


def test_many_pictures_are_predicted_as_a_few_are(backend):
    subject = NETWORKS["max"]
    many, other = pictures(2100, subject.input_shape), model(backend, subject)
    assert_allclose(other.predict(many)[-5:], other.predict(many[-5:]), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ["dropout", "batch norm"])
def test_looking_changes_nothing(backend, name):
    subject = NETWORKS[name]
    other, x = model(backend, subject), pictures(3, subject.input_shape)
    before = other.state()
    assert_array_equal(other.predict(x), other.predict(x))
    other.activations(x), other.gradients(x, seeds(3, 3))
    assert_same(other.state().weights, before.weights)
    assert_same(other.state().statistics, before.statistics)


def test_a_state_is_a_copy(backend):
    subject = NETWORKS["dense"]
    other = model(backend, subject)
    for weight in other.state().weights.values():
        weight[...] = 0
    assert_same(other.state().weights, weights_for(subject))


# --- the reference, held to arithmetic --------------------------------------------------------------------------------


@each_network
def test_the_reference_agrees_with_finite_differences(subject):
    x, weights = generator(10, "no ties").normal(0, 1, (2, *subject.input_shape)), weights_for(subject)
    seed = seeds(2, trace(subject)[-1].output[0])
    it = model(reference(), subject, weights)
    found = it.gradients(x, seed)

    def value(name, w):
        it.restore(State(weights | {name: w}, statistics=statistics_for(subject)))
        return np.sum(it.predict(x) * seed)

    for n in range(2):  # all shifts of a picture are predicted together
        both = it.predict(np.concatenate([x[n] + shifts(x[n]), x[n] - shifts(x[n])])) @ seed[n]
        assert off(found.input[n].ravel(), (both[: x[n].size] - both[x[n].size :]) / (2 * SHIFT)) < 1e-6
    for name, w in weights.items():
        some = generator(11, name).permutation(w.size)[:20]
        sides = [[value(name, w + sign * step) for step in shifts(w)[some]] for sign in (1, -1)]
        assert off(found.weights[name].ravel()[some], np.subtract(*sides) / (2 * SHIFT)) < 1e-6, name


SHIFT = 1e-5


def shifts(array):
    """For each number of an array: an array like it that is SHIFT there and zero elsewhere."""
    return SHIFT * np.eye(array.size).reshape(array.size, *array.shape)


@each_network
def test_the_references_gradient_of_a_layer_is_the_input_gradient_of_the_layers_above(subject):
    x, weights = pictures(2, subject.input_shape), weights_for(subject)
    seed = seeds(2, trace(subject)[-1].output[0])
    whole = model(reference(), subject, weights)
    outputs, found = whole.activations(x), whole.gradients(x, seed).activations
    for place, step in enumerate(outline(subject)[:-1], start=1):
        if len(step.output) == 3:
            name, above = step.layer.name, network(*subject.layers[place:], shape=step.output)
            rest = {key: weights[key] for key in weights_for(above)}
            running = {key: statistics_for(subject)[key] for key in statistics_for(above)}
            upper = model(reference(), above, rest)
            upper.restore(State(rest, statistics=running))
            assert_array_equal(found[name], upper.gradients(outputs[name], seed).input)
    assert_array_equal(found[subject.layers[-1].name], seed)


# --- numbers worked out by hand ---------------------------------------------------------------------------------------


def maps_of(backend, layer, x, **weights):
    """One layer over one picture (or several channels): its output."""
    return one_layer(backend, layer, x, **weights)[0].activations(picture(x))["it"][0]


def pulled_back(backend, layer, x, dy, **weights):
    """d(sum of dy * output of one layer): with respect to the picture, and to the kernel."""
    it, names = one_layer(backend, layer, x, **weights)
    gradients = it.gradients(picture(x), np.reshape(np.array(dy, float), (1, -1)))
    return gradients.input[0], [gradients.weights[name] for name in names]


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


def one(rows):
    """A kernel (or map) as (1, 1, kh, kw)."""
    return [[rows]]


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_the_binary_picture_gives_its_known_map(backend, padding):
    g = golden.G05
    assert_array_equal(maps_of(backend, conv(1, 3, padding=padding), g["x"], kernels=one(g["kernel"])), [g[padding]])


def test_a_kernel_is_not_flipped(backend):
    g = golden.G06
    assert_array_equal(maps_of(backend, conv(1, 3), g["x"], kernels=one(g["kernel"])), [g["valid"]])


def test_padding_and_stride_give_their_known_maps(backend):
    g = golden.G06
    assert_array_equal(maps_of(backend, conv(1, 3, padding="same"), g["x"], kernels=one(g["kernel"])), [g["same"]])
    assert_array_equal(maps_of(backend, conv(1, 3, stride=2), g["x"], kernels=one(g["kernel"])), [g["stride2"]])


def test_a_convolution_passes_its_known_gradients_back(backend):
    g = golden.G06
    dx, (dkernel, dbias) = pulled_back(backend, conv(1, 3), g["x"], np.ones((3, 3)), kernels=one(g["kernel"]))
    assert_array_equal(dx, [g["input_gradient"]])
    assert_array_equal(dkernel, one(g["kernel_gradient"]))
    assert_array_equal(dbias, [9])


def test_convolution_relu_and_pooling_give_the_lectures_maps(backend):
    g = golden.G07
    for how in ("max", "average"):
        subject = network(conv(1, 3), act("relu"), Pool(how=how), Flatten(), shape=(1, 6, 6))
        weights = {"conv1.weights": np.array(one(g["kernel"])), "conv1.biases": np.zeros(1)}
        found = model(backend, subject, weights).activations(picture(g["x"]))
        assert_allclose(found["conv1"][0, 0], g["map"], atol=1e-12)
        assert_allclose(found["act1"][0, 0], g["relu"], atol=1e-12)
        assert_allclose(found["pool1"][0, 0], g[how], atol=1e-12)


def test_a_curve_detector_finds_the_curve_alone(backend):
    g = golden.G08
    sums = [maps_of(backend, conv(1, 7), g[what], kernels=one(g["detector"])).item() for what in ("curve", "other")]
    assert tuple(sums) == g["sums"]


def test_channels_are_summed_and_each_kernel_makes_a_map(backend):
    g = golden.G29
    assert_array_equal(maps_of(backend, conv(3, 2), g["x"], kernels=g["kernels"]), g["y"])
    assert_array_equal(maps_of(backend, conv(3, 2), g["x"], kernels=g["kernels"], bias=2.0), np.array(g["y"]) + 2)


def test_same_padding_puts_its_surplus_right_and_below(backend):
    g, even, odd = golden.G32, one([[1, 1]]), one([[1, 1, 1]])
    across = conv(1, (1, 2), padding="same")
    assert_array_equal(maps_of(backend, across, g["x"], kernels=even), [g["same_even"]])
    down = conv(1, (2, 1), padding="same")
    turned = maps_of(backend, down, np.transpose(g["x"]), kernels=one([[1], [1]]))
    assert_array_equal(turned, [np.transpose(g["same_even"])])
    wide = conv(1, (1, 3), padding="same", stride=(1, 2))
    assert_array_equal(maps_of(backend, wide, g["x"], kernels=odd), [g["same_stride2"]])


def test_padding_by_numbers_pads_where_it_says(backend):
    g, odd = golden.G32, one([[1, 1, 1]])
    layer = conv(1, (1, 3), padding=((0, 0), (1, 1)), stride=(1, 2))
    assert_array_equal(maps_of(backend, layer, g["x"], kernels=odd), [g["pad1_stride2"]])


@pytest.mark.parametrize("how", ["max", "average", "sum", "l2"])
def test_pooling_gives_the_known_maps(backend, how):
    assert_allclose(maps_of(backend, Pool(how=how), golden.G10["x"]), [golden.G10[how]], rtol=1e-14)
    if how in golden.G09:
        assert_allclose(maps_of(backend, Pool(how=how), golden.G09["x"]), [golden.G09[how]], rtol=1e-14)


@pytest.mark.parametrize("window", [2, 3])
def test_overlapping_windows_give_the_known_maps(backend, window):
    expected = golden.G10[f"max_window{window}_stride1"]
    assert_array_equal(maps_of(backend, Pool(window=window, stride=1), golden.G10["x"]), [expected])


def test_of_equal_cells_the_first_gets_the_gradient(backend):
    g = golden.G09
    assert_array_equal(pulled_back(backend, Pool(), g["x"], g["upstream"])[0], [g["max_gradient"]])


def test_an_average_shares_its_gradient(backend):
    g = golden.G09
    assert_array_equal(pulled_back(backend, Pool(how="average"), g["x"], g["upstream"])[0], [g["average_gradient"]])


def test_an_l2_window_of_zeros_passes_no_gradient(backend):
    assert_array_equal(pulled_back(backend, Pool(how="l2"), np.zeros((2, 2)), [[5.0]])[0], np.zeros((1, 2, 2)))


def test_of_equal_maxout_pieces_the_first_gets_the_gradient(backend):
    x = [[[1.0]], [[1.0]], [[0.0]], [[2.0]]]
    assert_array_equal(maps_of(backend, act("maxout"), x), [[[1]], [[2]]])
    assert_array_equal(pulled_back(backend, act("maxout"), x, [3, 4])[0].ravel(), [3, 0, 0, 4])


@pytest.mark.parametrize("function", ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu"])
def test_an_activation_has_its_known_values(backend, function):
    assert_allclose(maps_of(backend, act(function), [golden.G18["x"]]), [[golden.G18[function]]], atol=5e-7)


@pytest.mark.parametrize(
    "layer, slope",
    [(act("relu"), 0), (act("leaky_relu", slope=0.3), 0.3), (act("elu", alpha=0.7), 0.7)],
    ids=["relu", "leaky_relu", "elu"],
)
def test_at_a_corner_the_left_side_counts(backend, layer, slope):
    assert_allclose(pulled_back(backend, layer, [[0.0]], [[1.0]])[0], [[[slope]]], rtol=1e-15)


def test_the_maxout_of_x_and_minus_x_is_its_size(backend):
    x = np.array(golden.G18["x"])
    pairs = np.stack([x, -x])[:, None, :]
    assert_array_equal(maps_of(backend, act("maxout"), pairs), [[golden.G18["maxout_of_x_and_minus_x"]]])


def test_softmax_has_its_known_values_and_does_not_overflow(backend):
    g = golden.G16
    logits = np.reshape(g["logits"], (3, 1, 1))
    for shift in (0, 1000, -1000):
        assert_allclose(maps_of(backend, act("softmax"), logits + shift).ravel(), g["softmax"], atol=5e-7)


def test_flatten_keeps_each_channel_together(backend):
    x = np.arange(12.0).reshape(1, 3, 2, 2)
    subject = network(Pool(window=1, name="it"), Flatten(), Dense(units=2), shape=(3, 2, 2))
    picks = np.zeros((2, 12))
    picks[0, 1], picks[1, 4] = 1, 1  # the second cell of the first channel, the first cell of the second
    found = model(backend, subject, {"dense1.weights": picks, "dense1.biases": np.zeros(2)})
    assert_array_equal(found.activations(x)["flatten1"], [np.arange(12)])
    assert_array_equal(found.predict(x), [[1, 4]])


def test_two_linear_layers_are_one(backend):
    g = golden.G11
    subject = network(Flatten(), Dense(units=2), Dense(units=1), shape=(2, 1, 1))
    weights = {"dense1.weights": g["W1"], "dense1.biases": [0, 0], "dense2.weights": g["W2"], "dense2.biases": [0]}
    weights = {name: np.array(w, float) for name, w in weights.items()}
    found = model(backend, subject, weights)
    x = np.reshape(g["x"], (1, 2, 1, 1))
    assert_allclose(found.activations(x)["dense1"], [g["z1"]], rtol=1e-14)
    assert_allclose(found.predict(x), [g["z2"]], rtol=1e-14)
    assert_allclose(found.gradients(x, np.ones((1, 1))).input.ravel(), g["collapsed"], rtol=1e-14)


def test_the_graph_of_sigmoids_goes_forward_and_back_as_on_paper(backend):
    g = golden.G12
    layers = [layer for units in (3, 3, 1) for layer in (Dense(units=units), act("sigmoid"))]
    subject = network(Flatten(), *layers, shape=(2, 1, 1))
    weights = {}
    for i in range(3):
        weights |= {f"dense{i + 1}.weights": np.array(g["W"][i]), f"dense{i + 1}.biases": np.array(g["b"][i], float)}
    x = np.reshape(np.array(g["x"], float), (1, 2, 1, 1))
    graph = model(backend, subject, weights)
    found, gradients = graph.activations(x), graph.gradients(x, np.ones((1, 1)))
    for i in range(3):
        assert_allclose(found[f"dense{i + 1}"], [g["before"][i]], atol=6e-7)
        assert_allclose(found[f"act{i + 1}"], [g["after"][i]], atol=6e-7)
        assert_allclose(gradients.activations[f"act{i + 1}"], [g["dafter"][i]], atol=6e-7)
        assert_allclose(gradients.activations[f"dense{i + 1}"], [g["dbefore"][i]], atol=6e-7)
        assert_allclose(gradients.weights[f"dense{i + 1}.weights"], g["dW"][i], atol=6e-7)


def test_a_shortcut_adds_the_input_and_the_gradient_of_a_fork_is_the_sum_of_its_ways(backend):
    """y = 2x + 1 + x: at x = 3 the way through the layer gives 7, the sum is 10, and dy/dx = 2 + 1."""
    subject = network(Residual(layers=[conv(1, 1)]), Flatten(), shape=(1, 1, 1))
    found = model(backend, subject, {"conv1.weights": np.array([[[[2.0]]]]), "conv1.biases": np.array([1.0])})
    x, seed = np.array([[[[3.0]]]]), np.array([[5.0]])
    outputs, gradients = found.activations(x), found.gradients(x, seed)
    assert {name: y.item() for name, y in outputs.items()} == {"conv1": 7, "residual1": 10, "flatten1": 10}
    assert gradients.input.item() == 5 * (2 + 1)
    assert gradients.weights["conv1.weights"].item() == 5 * 3
    assert gradients.activations["conv1"].item() == gradients.activations["residual1"].item() == 5


def test_a_1x1_shortcut_takes_every_second_cell_into_other_maps(backend):
    """The layers give -x of the corner cells; the shortcut 10x + 1 of the same cells, so the sum is 9x + 1."""
    subject = network(Residual(layers=[conv(1, 1, stride=2)], shortcut="1x1"), Flatten(), shape=(1, 3, 3))
    weights = {"conv1.weights": np.array([[[[-1.0]]]]), "conv1.biases": np.zeros(1)}
    weights |= {"residual1.shortcut.weights": np.array([[[[10.0]]]]), "residual1.shortcut.biases": np.ones(1)}
    found = model(backend, subject, weights)
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    assert_array_equal(found.activations(x)["residual1.shortcut"][0, 0], [[1, 21], [61, 81]])
    assert_array_equal(found.predict(x), [[1, 19, 55, 73]])
    gradients = found.gradients(x, np.ones((1, 4)))
    assert_array_equal(gradients.input[0, 0], [[9, 0, 9], [0, 0, 0], [9, 0, 9]])
    assert gradients.weights["residual1.shortcut.weights"].item() == 0 + 2 + 6 + 8


def test_branches_stand_one_after_the_other_and_each_gets_its_own_gradient(backend):
    """Rows 2x, nothing, x + x: the outputs are 6, 3, 6; with the seeds 1, 10, 100 the input gets 2*1 + 10 + 2*100."""
    rows = [[conv(1, 1)], [], [Residual(layers=[act("linear")])]]
    subject = network(Branches(rows=rows), Flatten(), shape=(1, 1, 1))
    found = model(backend, subject, {"conv1.weights": np.array([[[[2.0]]]]), "conv1.biases": np.zeros(1)})
    x = np.array([[[[3.0]]]])
    assert_array_equal(found.activations(x)["branches1"].ravel(), [6, 3, 6])
    gradients = found.gradients(x, np.array([[1.0, 10.0, 100.0]]))
    assert gradients.input.item() == 2 * 1 + 10 + 2 * 100
    assert gradients.weights["conv1.weights"].item() == 3
    assert {name: gradients.activations[name].item() for name in ("conv1", "act1", "residual1")} == {
        "conv1": 1,
        "act1": 100,
        "residual1": 100,
    }


@pytest.mark.parametrize(
    "how, expected", [("max", [2, 3, 3]), ("average", [1.5, 2, 2.5]), ("sum", [3, 6, 5]), ("l2", [5, 14, 13])]
)
def test_a_window_over_the_border_summarises_the_cells_that_are_there(backend, how, expected):
    layer = Pool(how=how, window=(1, 3), stride=1, padding="same")
    found = maps_of(backend, layer, [[1, 2, 3]])[0][0]
    assert_allclose(found, np.sqrt(expected) if how == "l2" else expected, rtol=1e-14)
    negative = maps_of(backend, Pool(window=(1, 3), stride=1, padding="same"), [[-1, -2, -3]])
    assert_array_equal(negative[0][0], [-1, -1, -2])  # what is not there is never the largest, not even as a zero


# --- training ---------------------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("precision, steps, first, all_", [("float32", 20, 1e-6, 1e-4), ("float64", 100, 1e-12, 1e-8)])
def test_training_agrees_with_the_reference(backend, optimizer, precision, steps, first, all_):
    ours, theirs = ready(reference(), optimizer, precision), ready(backend, optimizer, precision)
    expected, found = (go_on(it, 0, steps, optimizer.rate) for it in (ours, theirs))
    assert np.mean(expected[-5:]) < np.mean(expected[:5])  # something is learnt
    assert_allclose(found[0], expected[0], rtol=first)
    assert_allclose(found, expected, rtol=all_)
    assert_agree(theirs.state().weights, ours.state().weights, within=10 * all_)
    assert_agree(by_name(theirs.state().slots), by_name(ours.state().slots), within=10 * all_)
    assert theirs.state().step == ours.state().step == steps


def test_the_loss_is_the_mean_over_the_batch(backend):
    subject, (x, y) = model(backend, NETWORKS["max"]), training_set()
    before = subject.state().weights["dense1.biases"]
    expected, dlogits = loss_maths.of_batch(CrossEntropy(), subject.predict(x), y)
    subject.load(x, y)
    losses = subject.steps(np.arange(ROWS)[None], np.array([0.1]), {})
    assert_allclose(losses, [expected], rtol=1e-12)
    after = subject.state().weights["dense1.biases"]
    assert_allclose(after, before - 0.1 * dlogits.sum(axis=0), rtol=1e-12)


def test_a_picture_of_weight_two_counts_twice_and_of_weight_zero_not_at_all(backend):
    plain = network(Flatten(), Dense(units=3), shape=(1, 1, 2))
    x, y = pictures(4, plain.input_shape), np.array([0, 2, 1, 1])
    weighted, repeated = (model(backend, plain) for _ in range(2))
    weighted.load(x, y, np.array([1.0, 2.0, 1.0, 0.0]))
    repeated.load(x, y)
    rate = np.array([0.5])
    loss = weighted.steps(np.array([[0, 1, 2, 3]]), rate, {}), repeated.steps(np.array([[0, 1, 1, 2]]), rate, {})
    assert_allclose(*loss, rtol=1e-14)
    assert_agree(weighted.state().weights, repeated.state().weights, within=1e-14)


def walk(backend, optimizer, gradients, rates, start):
    """Where one weight goes when its loss has the given gradients, one a step, each with its rate.

    The bias of class 0 in a batch of one picture of zeros: its gradient is softmax(b)[0] - 1 (label 0) or softmax(b)[0]
    (label 1), times the picture's weight, which is chosen so that the product is the gradient asked for. The state is
    carried from model to model, as a change of the training set would.
    """
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.zeros((2, 1)), "dense1.biases": np.array([start, 0.0])}
    walker, path = model(backend, subject, weights, optimizer), []
    for g, rate in zip(gradients, rates, strict=True):
        b = walker.state().weights["dense1.biases"]
        share = 1 / (1 + np.exp(b[1] - b[0]))
        label, slope = (1, share) if g > 0 else (0, share - 1)
        walker.load(np.zeros((1, 1, 1, 1)), np.array([label]), np.array([g / slope]))
        walker.steps(np.array([[0]]), np.array([rate]), {})
        path.append(walker.state().weights["dense1.biases"][0])
    return path


BY_HAND = [
    SGD(rate=0.1),
    Momentum(rate=0.1, momentum=0.9),
    Nesterov(rate=0.1, momentum=0.9),
    Adagrad(rate=0.1, epsilon=1e-8),
    Adadelta(rate=1, rho=0.9, epsilon=1e-6),
    RMSProp(rate=0.1, rho=0.9, epsilon=1e-8),
    Adam(rate=0.1, epsilon=1e-8),
]


@pytest.mark.parametrize("optimizer", BY_HAND, ids=lambda o: o.kind)
def test_an_optimizer_makes_the_steps_worked_out_by_hand(backend, optimizer):
    g = golden.G19
    path = walk(backend, optimizer, g["gradients"], [optimizer.rate] * 3, g["start"])
    assert_allclose(path, g[optimizer.kind], atol=6e-7)


@pytest.mark.parametrize("optimizer", [Momentum(momentum=0.9), Nesterov(momentum=0.9)], ids=lambda o: o.kind)
def test_momentum_keeps_its_speed_when_the_rate_falls(backend, optimizer):
    g = golden.G19_RATE_CHANGE
    path = walk(backend, optimizer, g["gradients"], g["rates"], g["start"])
    assert_allclose(path[-1], g[optimizer.kind], atol=1e-9)


def test_decay_shrinks_weights_and_leaves_biases(backend):
    """A picture of zeros gives the weights no gradient, so that decay alone moves them; the biases make Adam's steps."""
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.array([[2.0], [-1.0]]), "dense1.biases": np.array([0.3, 0.0])}
    found = []
    for optimizer in (AdamW(decay=0.5), Adam()):
        found.append(model(backend, subject, weights, optimizer))
        found[-1].load(np.zeros((1, 1, 1, 1)), np.array([0]))
        found[-1].steps(np.zeros((2, 1), int), np.array([0.1, 0.2]), {})
    ours, plain = (it.state().weights for it in found)
    assert_allclose(ours["dense1.weights"], np.array([[2.0], [-1.0]]) * 0.95 * 0.9, rtol=1e-14)
    assert_allclose(ours["dense1.biases"], plain["dense1.biases"], rtol=1e-14)


# --- losses

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


@each_loss
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_fifty_steps_of_every_loss_agree_with_the_reference(backend, loss, weighted):
    weight = frozen(generator(12, "contract weight").uniform(0, 2, ROWS)) if weighted else None
    optimizer = SGD(rate=0.02)
    fifty_steps_agree(backend, lambda its: ready(its, optimizer, weight=weight, loss=loss), np.full(50, 0.02))


@each_loss
def test_a_loss_and_its_gradient_are_those_of_the_mathematics(backend, loss):
    """The gradient of the last biases is that of the outputs, summed over the batch."""
    chance, (x, y) = generator(13, "contract weight"), training_set()
    weight = chance.uniform(0, 2, ROWS)
    subject = model(backend, NETWORKS["max"], loss=loss)
    before = subject.state().weights["dense1.biases"]
    offsets = loss_maths.prior_offsets(loss, y, 3)
    expected, slopes = loss_maths.of_batch(loss, subject.predict(x), y, weight, offsets)
    subject.load(x, y, weight)
    assert_allclose(subject.steps(np.arange(ROWS)[None], np.array([0.1]), {}), [expected], rtol=1e-12)
    after = subject.state().weights["dense1.biases"]
    assert_allclose(after, before - 0.1 * slopes.sum(axis=0), rtol=1e-11)


def test_priors_are_those_of_the_labels_loaded_last(backend):
    """One picture of zeros, biases of zero: the loss of the rare class is -log of its prior."""
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.zeros((2, 1)), "dense1.biases": np.zeros(2)}
    found = model(backend, subject, weights, loss=LogitAdjusted(tau=1))
    for labels, prior in (([0, 1], 1 / 2), ([0, 0, 0, 1], 1 / 4)):
        found.load(np.zeros((len(labels), 1, 1, 1)), np.array(labels))
        assert_allclose(found.steps(np.array([[len(labels) - 1]]), np.array([1e-12]), {}), [-np.log(prior)], rtol=1e-9)


@each_loss
def test_a_picture_that_is_known_for_sure_gives_a_number(backend, loss):
    """In float32 its probability is exactly 1: a power of what is left must not become inf * 0."""
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.zeros((2, 1)), "dense1.biases": np.array([200.0, -200.0])}
    found = model(backend, subject, weights, precision="float32", loss=loss)
    found.load(np.zeros((2, 1, 1, 1), np.float32), np.array([0, 1]))
    for picture in ([0], [1]):
        assert np.isfinite(found.steps(np.array([picture]), np.array([1e-3]), {})).all()
        assert all(np.isfinite(w).all() for w in found.state().weights.values())


# --- layers that training treats in their own way

TRAINED = [
    "padded with -1",
    "a bias a unit",
    "no biases",
    "3 of 4 maps",
    "2 of 4 maps, unit biases",
    "locally connected",
    "local, same padding, map biases",
    "biases of their own",
    "mean of maps",
    "batch norm",
    "batch norm of lists",
    "batch norm first",
]


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


@pytest.mark.parametrize("name", TRAINED)
def test_fifty_steps_of_every_layer_agree_with_the_reference(backend, name):
    penalties = Penalties(conv=Penalty(l2=0.01), output=Penalty(l1=0.001))
    ours, theirs = (ready_for(it, name, Momentum(), penalties=penalties) for it in (reference(), backend))
    before = ours.state().weights
    expected, found = (some_steps(it, 0, 50) for it in (ours, theirs))
    assert all(off(w, before[name]) > 1e-3 for name, w in ours.state().weights.items())  # all of it learns
    assert_allclose(found, expected, rtol=1e-9)
    assert_agree(theirs.state().weights, ours.state().weights, within=1e-9)
    assert_agree(theirs.state().statistics, ours.state().statistics, within=1e-9)
    x = pictures(5, NETWORKS[name].input_shape, seed=13)
    assert_allclose(theirs.predict(x), ours.predict(x), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("name", TRAINED)
def test_steps_of_one_call_and_of_many_are_the_same(backend, name):
    """Batch norm's running statistics move in each step of a call."""
    together, apart = ready_for(backend, name), ready_for(backend, name)
    order = np.stack([generator(12, "contract rows", step).permutation(ROWS)[:7] for step in range(4)])
    losses = together.steps(order, np.full(4, 0.05), {})
    one_by_one = np.concatenate([apart.steps(rows[None], np.array([0.05]), {}) for rows in order])
    assert_allclose(losses, one_by_one, rtol=1e-12)
    assert_agree(together.state().statistics, apart.state().statistics, within=1e-12)
    assert_agree(together.state().weights, apart.state().weights, within=1e-12)


def normed(backend, momentum=0.9, epsilon=1e-5, precision="float64"):
    """Batch norm over one feature, with gamma and beta as logit 0."""
    subject = network(Flatten(), BatchNorm(momentum=momentum, epsilon=epsilon, name="bn"), shape=(2, 1, 1))
    weights = {"bn.gamma": np.ones(2, precision), "bn.beta": np.zeros(2, precision)}
    return backend.build(subject, weights, TrainingRecipe(optimizer=SGD(), precision=precision))


def test_batch_norm_takes_mean_and_deviation_out_as_on_paper(backend):
    """G21: what a training step computes is seen in its loss, and in the running statistics at momentum 0."""
    x = np.array([[[[value]], [[0.0]]] for value in golden.G21["x"]], float)
    it = normed(backend, momentum=0.0, epsilon=1e-12)
    it.load(x, np.zeros(8, int))
    losses = it.steps(np.arange(8)[None], np.array([1e-30]), {})
    logits = np.stack([golden.G21["normal"], np.zeros(8)], axis=1)
    assert_allclose(losses, [loss_maths.of_batch(CrossEntropy(), logits, np.zeros(8, int))[0]], rtol=1e-9)
    statistics = it.state().statistics
    assert_allclose(statistics["bn.running_mean"], [golden.G21["mean"], 0], atol=1e-12)
    assert_allclose(statistics["bn.running_variance"], [golden.G21["deviation"] ** 2, 0], rtol=1e-9, atol=1e-9)
    assert_allclose(it.predict(x)[:, 0], golden.G21["normal"], atol=1e-9)


def test_running_statistics_move_by_one_minus_momentum(backend):
    """From mean 0 and variance 1, with G21's mean 5 and biased variance 4 (unbiased it would be 32/7)."""
    x = np.array([[[[value]], [[value]]] for value in golden.G21["x"]], float)
    it = normed(backend, momentum=0.9)
    it.load(x, np.zeros(8, int))
    it.steps(np.arange(8)[None], np.array([1e-30]), {})
    assert_allclose(it.state().statistics["bn.running_mean"], [0.5, 0.5], rtol=1e-12)
    assert_allclose(it.state().statistics["bn.running_variance"], [1.3, 1.3], rtol=1e-12)
    it.steps(np.arange(8)[None], np.array([1e-30]), {})
    assert_allclose(it.state().statistics["bn.running_mean"], [0.95, 0.95], rtol=1e-12)
    assert_allclose(it.state().statistics["bn.running_variance"], [1.57, 1.57], rtol=1e-12)


def test_looking_takes_the_running_statistics_and_leaves_them(backend):
    it = normed(backend, epsilon=1e-5)
    running = {"bn.running_mean": np.array([3.0, 0.0]), "bn.running_variance": np.array([4.0, 1.0])}
    it.restore(State(it.state().weights, statistics=running))
    x = np.array([[[[7.0]], [[2.0]]], [[[-1.0]], [[0.0]]]])
    expected = (np.array([[7.0, 2.0], [-1.0, 0.0]]) - [3, 0]) / np.sqrt(np.array([4, 1]) + 1e-5)
    for _ in range(2):
        assert_allclose(it.predict(x), expected, rtol=1e-12)
        assert_allclose(it.activations(x)["bn"], expected, rtol=1e-12)
        back = it.gradients(x, np.ones((2, 2)))
        assert_allclose(back.input[:, :, 0, 0], np.ones((2, 2)) / np.sqrt(np.array([4, 1]) + 1e-5), rtol=1e-12)
        assert_same(it.state().statistics, running)


def test_a_batch_of_one_list_is_its_beta(backend):
    it = normed(backend, momentum=0.5)
    it.load(np.array([[[[7.0]], [[2.0]]]]), np.zeros(1, int))
    assert_allclose(it.steps(np.array([[0]]), np.array([1e-30]), {}), [np.log(2)], rtol=1e-12)
    assert_allclose(it.state().statistics["bn.running_variance"], [0.5, 0.5], rtol=1e-12)


@pytest.mark.parametrize("optimizer", [AdamW(rate=0.01, decay=0.5), SGD(rate=0.1)], ids=lambda o: o.kind)
def test_decay_and_penalties_leave_gamma_and_beta_alone(backend, optimizer):
    """A picture of weight 0: nothing but decay and penalties could move them."""
    heavy = Penalty(l2=0.5, l1=0.5)
    subject = network(Flatten(), Dense(units=2), BatchNorm(name="bn"), shape=(1, 1, 1))
    penalties = Penalties(conv=heavy, dense=heavy, output=heavy)
    it = model(backend, subject, None, optimizer, penalties=penalties)
    before = it.state().weights
    it.load(np.zeros((1, 1, 1, 1)), np.array([0]), np.array([0.0]))
    it.steps(np.array([[0]]), np.array([0.1]), {})
    after = it.state().weights
    assert not np.array_equal(after["dense1.weights"], before["dense1.weights"])
    for name in ("bn.gamma", "bn.beta", "dense1.biases"):
        assert_array_equal(after[name], before[name])


def test_a_map_that_does_not_see_another_does_not_feel_it(backend):
    """Kernels 1-4 of 12 see maps 1-8 of 12, and so on in blocks of four."""
    subject = network(conv(12, 1, sees=8, bias="none"), Flatten(), shape=(12, 1, 1))
    it = model(backend, subject, {"conv1.weights": np.ones((12, 8, 1, 1))})
    felt = it.predict(np.eye(12)[:, :, None, None])  # row: the map that is 1
    blocks = np.kron([[1, 0, 1], [1, 1, 0], [0, 1, 1]], np.ones((4, 4)))
    assert_array_equal(felt, blocks)


def test_the_padding_holds_its_value(backend):
    layer = conv(1, 3, padding=1, pad_value=-1)
    assert_array_equal(maps_of(backend, layer, [[2.0]], kernels=one(np.ones((3, 3)))), [[[-6]]])


# --- schedules and penalties

SCHEDULES = {
    "constant": (ConstantRate(), 0),
    "warm-up": (ConstantRate(), 20),
    "stairs": (StepRate(every=7, factor=0.6), 0),
    "exponential": (ExponentialRate(every=10, factor=0.5), 0),
    "one over time": (InverseRate(half_after=10), 5),
    "cosine": (CosineRate(lowest=0.05), 5),
}
PENALTIES = {
    "l2": Penalties(**dict.fromkeys(("conv", "dense", "output"), Penalty(l2=0.1))),
    "l2 by group": Penalties(conv=Penalty(l2=0.2), dense=Penalty(l2=0.02), output=Penalty(l2=0.5)),
    "l1": Penalties(**dict.fromkeys(("conv", "dense", "output"), Penalty(l1=0.01))),
    "both by group": Penalties(conv=Penalty(l1=0.03), dense=Penalty(l2=0.1, l1=0.01)),
}


@pytest.mark.parametrize("schedule, warm_up", SCHEDULES.values(), ids=SCHEDULES)
def test_fifty_steps_of_every_schedule_agree_with_the_reference(backend, schedule, warm_up):
    rates = rate_of(schedule, 0.1, np.arange(1, 51), 50, warm_up)
    optimizer = Momentum(rate=0.1)
    fifty_steps_agree(backend, lambda its: ready(its, optimizer, schedule=schedule, warm_up=warm_up), rates)


@pytest.mark.parametrize("penalties", PENALTIES.values(), ids=PENALTIES)
@pytest.mark.parametrize("optimizer", [SGD(rate=0.1), Adam(rate=0.01)], ids=lambda o: o.kind)
def test_fifty_steps_with_penalties_agree_with_the_reference(backend, penalties, optimizer):
    rates = np.full(50, optimizer.rate)
    fifty_steps_agree(backend, lambda its: ready(its, optimizer, penalties=penalties), rates)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_fifty_steps_of_every_optimizer_agree_with_the_reference(backend, optimizer):
    fifty_steps_agree(backend, lambda its: ready(its, optimizer), np.full(50, optimizer.rate))


def block_networks():
    return {name: NETWORKS[name] for name in NETWORKS if name.startswith(("residual", "branches", "blocks"))}


@pytest.mark.parametrize("subject", block_networks().values(), ids=block_networks())
def test_fifty_steps_of_networks_with_blocks_agree_with_the_reference(backend, subject):
    """With dropout in the branches, and penalties of every group."""
    penalties = PENALTIES["l2 by group"]
    optimizer = Momentum(rate=0.02)
    subject = network(*subject.layers, Dense(units=3))
    made = lambda its: ready(its, optimizer, subject=subject, penalties=penalties)  # noqa: E731
    fifty_steps_agree(backend, made, np.full(50, optimizer.rate), subject)


def fifty_steps_agree(backend, made, rates, its_network=SMALL_CNN):
    ours, theirs = made(reference()), made(backend)
    expected, found = (go_on(it, 0, 50, 0, rates, its_network) for it in (ours, theirs))
    assert_allclose(found, expected, rtol=1e-9)
    assert_agree(theirs.state().weights, ours.state().weights, within=1e-9)


def penalised(backend, penalties, W1=golden.G20["W1"], W2=golden.G20["W2"]):
    """Two dense layers that see one picture of weight 0: there is nothing in the loss but the penalties."""
    subject = network(Flatten(), Dense(units=2), Dense(units=1), shape=(1, 1, 1))
    weights = {"dense1.weights": np.array([W1], float).T, "dense1.biases": np.array([5.0, -7.0])}
    weights |= {"dense2.weights": np.array([W2], float), "dense2.biases": np.array([9.0])}
    found = model(backend, subject, weights, SGD(), penalties=penalties)
    found.load(np.zeros((1, 1, 1, 1)), np.array([0]), np.array([0.0]))
    return found


@pytest.mark.parametrize(
    "of_dense, of_output, expected",
    [
        (Penalty(l2=0.1), Penalty(l2=0.1), golden.G20["one_group"]),
        (Penalty(l2=0.1), Penalty(l2=0.01), golden.G20["two_groups"]),
        (Penalty(l1=0.1), Penalty(l1=0.1), golden.G20["sizes"]),
    ],
    ids=["one group", "two groups", "l1"],
)
def test_a_penalty_is_in_the_loss_and_pulls_as_worked_out_by_hand(backend, of_dense, of_output, expected):
    """With the rate 1, a step takes the gradient itself off the weight: l2 * w + l1 * sign(w)."""
    found = penalised(backend, Penalties(conv=Penalty(l2=100), dense=of_dense, output=of_output))
    before = found.state().weights
    losses = found.steps(np.array([[0]]), np.array([1.0]), {})
    assert_allclose(losses, [expected], rtol=1e-14)
    after = found.state().weights
    for name, of in (("dense1", of_dense), ("dense2", of_output)):
        w = before[f"{name}.weights"]
        assert_allclose(after[f"{name}.weights"], w - (of.l2 * w + of.l1 * np.sign(w)), rtol=1e-14)
        assert_array_equal(after[f"{name}.biases"], before[f"{name}.biases"])


def test_network3s_l2_is_divided_by_the_number_of_batches(backend):
    """lambda = 0.1 over 5,000 batches: the weight shrinks by the rate times 2e-5; another training set, another share."""
    subject = network(Flatten(), Dense(units=2), Dense(units=1), shape=(1, 1, 1))
    weights = {"dense1.weights": np.array([[1.0], [-2.0]]), "dense1.biases": np.zeros(2)}
    weights |= {"dense2.weights": np.array([[0.5, 3.0]]), "dense2.biases": np.zeros(1)}
    recipe = {"penalties": Penalties(dense=Penalty(l2=0.1, l1=0.2), over_batches=True), "batch_size": 10}
    found, w = model(backend, subject, weights, SGD(), **recipe), weights["dense1.weights"]
    for rows, batches in ((50_009, 5000), (40, 4)):
        found.load(np.zeros((rows, 1, 1, 1)), np.zeros(rows, int), np.zeros(rows))
        cost = (0.1 / 2 * np.sum(w * w) + 0.2 * np.sum(np.abs(w))) / batches
        assert_allclose(found.steps(np.array([[0]]), np.array([1.0]), {}), [cost], rtol=1e-13)
        w = w - (0.1 * w + 0.2 * np.sign(w)) / batches
        assert_allclose(found.state().weights["dense1.weights"], w, rtol=1e-13)


def test_classic_dropout_scales_when_it_is_off_and_only_masks_when_it_is_on(backend):
    subject = network(Dropout(rate=0.25, how="classic"), Flatten(), Dense(units=2), shape=(1, 1, 2))
    weights = {"dense1.weights": np.array([[1.0, 0.0], [0.0, 1.0]]), "dense1.biases": np.zeros(2)}
    found = model(backend, subject, weights, loss=SquaredError(targets="one-hot", classes="half sum"))
    x = np.array([[[[4.0, 8.0]]]])
    assert_allclose(found.predict(x), [[3, 6]], rtol=1e-14)
    assert_allclose(found.activations(x)["dropout1"].ravel(), [3, 6], rtol=1e-14)
    assert_allclose(found.gradients(x, np.ones((1, 2))).input.ravel(), [0.75, 0.75], rtol=1e-14)
    found.load(x, np.array([0]))
    masks = {"dropout1": np.array([True, False]).reshape(1, 1, 1, 1, 2)}
    assert_allclose(found.steps(np.array([[0]]), np.array([1.0]), masks), [(4 - 1) ** 2 / 2], rtol=1e-14)


def test_fifty_steps_with_classic_dropout_on_the_input_agree_with_the_reference(backend):
    layers = [Dropout(rate=0.2, how="classic"), *(it for it in SMALL_CNN.layers if not isinstance(it, Dropout))]
    subject, (x, y) = network(*layers), training_set()
    found = []
    for its in (reference(), backend):
        found.append(model(its, subject, optimizer=Adam(rate=0.01)))
        found[-1].load(x, y)
        for step in range(1, 51):
            rows = generator(9, "order", step).permutation(ROWS)[:BATCH]
            masks = {name: mask[None] for name, mask in dropout.masks(subject, 9, step, BATCH).items()}
            assert set(masks) == {"dropout1"} and masks["dropout1"].shape == (1, BATCH, *subject.input_shape)
            found[-1].steps(rows[None], np.array([0.01]), masks)
    assert_agree(found[1].state().weights, found[0].state().weights, within=1e-9)


def test_convolutions_have_a_penalty_of_their_own(backend):
    subject = network(conv(1, 1), Flatten(), Dense(units=1), shape=(1, 1, 1))
    weights = {"conv1.weights": np.array(one([[2.0]])), "conv1.biases": np.array([3.0])}
    weights |= {"dense1.weights": np.array([[4.0]]), "dense1.biases": np.array([5.0])}
    found = model(backend, subject, weights, SGD(), penalties=Penalties(conv=Penalty(l2=0.5), dense=Penalty(l2=100)))
    found.load(np.zeros((1, 1, 1, 1)), np.array([0]))
    assert_allclose(found.steps(np.array([[0]]), np.array([1.0]), {}), [0.5 / 2 * 4], rtol=1e-14)
    assert_allclose(found.state().weights["conv1.weights"].ravel(), [1], rtol=1e-14)
    assert_array_equal(found.state().weights["dense1.weights"], [[4]])


def test_a_weight_of_zero_feels_no_l1(backend):
    found = penalised(backend, Penalties(dense=Penalty(l1=0.1)), W1=[0, 0])
    found.steps(np.array([[0]]), np.array([1.0]), {})
    assert_array_equal(found.state().weights["dense1.weights"], [[0], [0]])


def test_every_step_of_a_call_has_its_own_rate(backend):
    found = penalised(backend, Penalties(dense=Penalty(l2=1)))
    found.steps(np.zeros((3, 1), int), np.array([0.1, 0.2, 0.5]), {})
    assert_allclose(found.state().weights["dense1.weights"].ravel(), np.array([1, -2]) * 0.9 * 0.8 * 0.5, rtol=1e-14)


def test_a_run_that_explodes_gives_no_number_and_no_error(backend):
    subject = ready(backend, SGD())
    losses = go_on(subject, 0, 8, rate=1e200)
    assert not np.isfinite(losses[-1])


# --- state moves ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS.values())[1:], ids=lambda o: o.kind)
def test_a_run_can_go_on_in_another_backend_and_come_back(backend, optimizer):
    unbroken = ready(reference(), optimizer)
    expected = go_on(unbroken, 0, 30, optimizer.rate)
    here, there, back = ready(reference(), optimizer), ready(backend, optimizer), ready(reference(), optimizer)
    losses = [go_on(here, 0, 10, optimizer.rate)]
    there.restore(here.state())
    losses.append(go_on(there, 10, 20, optimizer.rate))
    back.restore(there.state())
    losses.append(go_on(back, 20, 30, optimizer.rate))
    assert_allclose(np.concatenate(losses), expected, rtol=1e-10)
    assert_agree(back.state().weights, unbroken.state().weights, within=1e-9)


@pytest.mark.parametrize("name", ["batch norm", "batch norm of lists", "locally connected", "2 of 4 maps, unit biases"])
def test_every_layer_can_go_on_in_another_backend_and_come_back(backend, name):
    adam = Adam(rate=0.01)
    unbroken = ready_for(reference(), name, adam)
    expected = some_steps(unbroken, 0, 30, 0.01)
    here, there, back = (ready_for(it, name, adam) for it in (reference(), backend, reference()))
    losses = [some_steps(here, 0, 10, 0.01)]
    there.restore(here.state())
    losses.append(some_steps(there, 10, 20, 0.01))
    back.restore(there.state())
    losses.append(some_steps(back, 20, 30, 0.01))
    assert_allclose(np.concatenate(losses), expected, rtol=1e-10)
    assert_agree(back.state().weights, unbroken.state().weights, within=1e-9)
    assert_agree(back.state().statistics, unbroken.state().statistics, within=1e-9)


def test_running_statistics_are_copies_in_the_recipes_precision_and_start_anew_where_they_miss(backend):
    it = ready_for(backend, "batch norm", precision="float32")
    some_steps(it, 0, 2)
    kept = it.state()
    assert list(kept.statistics) == list(initial_statistics(NETWORKS["batch norm"]))
    assert {values.dtype for values in kept.statistics.values()} == {np.dtype("float32")}
    changed = it.state()
    for values in changed.statistics.values():
        values[...] = 0
    assert_same(it.state().statistics, kept.statistics)
    it.restore(State(kept.weights))
    assert_same(it.state().statistics, initial_statistics(NETWORKS["batch norm"]))
    some_steps(it, 2, 3)
    it.restore(kept)
    assert_same(it.state().statistics, kept.statistics)


def test_a_state_comes_back_exactly(backend):
    optimizer = Adam(rate=0.01)
    one_run, other = ready(backend, optimizer, "float32"), ready(backend, optimizer, "float32")
    go_on(one_run, 0, 3, 0.01)
    state = one_run.state()
    other.restore(state)
    assert other.state().step == 3
    assert_same(other.state().weights, state.weights)
    assert_same(by_name(other.state().slots), by_name(state.slots))
    assert set(state.slots) == {f"{moment}_moment/{name}" for moment in ("first", "second") for name in state.weights}


def test_a_state_of_other_precision_and_without_slots_is_taken(backend):
    """Slots that are not there, another optimizer's, say, start from zero."""
    given = {name: w.astype("float32") for name, w in weights_for(SMALL_CNN).items()}
    subject = ready(backend, Momentum())
    go_on(subject, 0, 2, 0.05)
    subject.restore(State(given, {"first_moment/dense1.biases": np.ones(8)}, step=4))
    state = subject.state()
    assert state.step == 4
    assert_same(state.weights, given)
    assert set(state.slots) == {f"velocity/{name}" for name in given}
    assert not any(slot.any() for slot in state.slots.values())
    assert {w.dtype for w in state.weights.values()} == {np.dtype("float64")}
