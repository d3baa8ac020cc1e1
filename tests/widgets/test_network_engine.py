"""A whole network computed in the browser is the NumPy reference's: every layer and option, forward and backward, the
losses, the optimisers, and the arithmetic of single cells."""

import base64

import numpy as np
import pytest

import backends
from backends.contract.networks import NETWORKS, act, conv, network
from core.experiment.presets import PRESETS
from core.explain.questions import Changes
from core.network.costs import costs
from core.network.description import described
from core.network.initial_weights import initial_weights
from core.network.layers import BatchNorm, Conv2D, Dense, Flatten, Pool
from core.network.running_statistics import initial_statistics
from core.network.shapes import trace
from core.numerics import losses, optimizers
from core.recipe import losses as loss_specs, optimizers as optimizer_specs
from core.recipe.training import TrainingRecipe
from pages.ui.weights import packed_weights
from tests.support.node import javascript


ENGINE = ("network_layers", "network_engine", "network_learning", "network_cells")
START = """const { network, packed, x, seed } = given;
const weights = readWeights(packed.manifest, packed.data), image = Float32Array.from(x);
const outputs = forward(network, weights, image);
const lists = arrays => Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)]));
"""


class Case:
    """A network with weights and statistics that are all different from 0, one image, and a seed for its gradients."""

    def __init__(self, subject, precision="float32"):
        rng = np.random.default_rng(3)
        self.network, self.described = subject, described(subject)
        start = initial_weights(subject, 1) | initial_statistics(subject)
        drawn = {
            name: (a if "weights" in name and a.any() else a + 0.3 * rng.random(a.shape)).astype("float32")
            for name, a in start.items()
        }
        self.statistics = {name: a for name, a in drawn.items() if ".running_" in name}
        self.weights = {name: a for name, a in drawn.items() if name not in self.statistics}
        self.x = rng.normal(size=subject.input_shape).astype("float32")
        self.model = backends.load("reference").build(subject, self.weights, TrainingRecipe(precision=precision))
        state = self.model.state()
        state.statistics = self.statistics
        self.model.restore(state)
        self.seed = rng.normal(size=trace(subject)[-1].output).astype("float32")
        self.outputs = {name: a[0] for name, a in self.model.activations(self.x[None]).items()}

    def in_the_browser(self, expression, **more):
        given = {
            "network": self.described,
            "packed": packed_weights(self.weights, self.statistics),
            "x": self.x.ravel().tolist(),
            "seed": self.seed.ravel().tolist(),
        }
        return javascript(ENGINE, f"(() => {{ {START} {expression} }})()", given | more)


def same(result, expected, tolerance=1e-5):
    """Equal to within a share of the largest number."""
    expected = np.asarray(expected, float)
    result = np.array(result, float).reshape(expected.shape)
    assert np.abs(result - expected).max(initial=0) <= tolerance * max(np.abs(expected).max(initial=0), 1e-3)


def all_same(result, expected, tolerance=1e-5):
    assert list(result) == list(expected)
    for name, values in expected.items():
        same(result[name], values, tolerance)


each_network = pytest.mark.parametrize("subject", NETWORKS.values(), ids=NETWORKS)
each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)


@each_network
def test_every_layer_forward_and_backward_is_the_references(subject):
    compare(Case(subject, "float64"))


@each_preset
def test_every_preset_forward_and_backward_is_the_references(preset):
    compare(Case(preset.network(), "float64"))


def compare(case):
    result = case.in_the_browser(
        """const g = backward(network, weights, image, outputs, seed);
        return { outputs: lists(outputs), input: Array.from(g.input), weights: lists(g.weights),
          activations: lists(g.activations) };"""
    )
    all_same(result["outputs"], case.outputs)
    expected = case.model.gradients(case.x[None], case.seed[None])
    same(result["input"], expected.input[0])
    all_same({name: result["weights"][name] for name in expected.weights}, expected.weights, 2e-5)
    all_same(
        {name: result["activations"][name] for name in expected.activations},
        {name: a[0] for name, a in expected.activations.items()},
    )
    assert len(result["weights"]) == len(expected.weights)


# --- losses, optimisers, weights

LOSSES = [
    loss_specs.CrossEntropy(),
    loss_specs.CrossEntropy(label_smoothing=0.1),
    loss_specs.Focal(gamma=1.5),
    loss_specs.Focal(gamma=0),
    loss_specs.LogitAdjusted(tau=0.7),
    loss_specs.BinaryCrossEntropy(),
    loss_specs.SquaredError(),
    loss_specs.SquaredError(targets="one-hot", classes="half sum"),
    loss_specs.NegativeLogLikelihood(),
]


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
@pytest.mark.parametrize("outputs", [[0.2, 0.5, 0.3], [0.9, -1.4, 0.2], [40.0, -60, 3], [0, 0, 0]])
def test_a_loss_its_gradient_and_the_probabilities_are_cores(loss, outputs):
    row, labels = np.array([outputs], float), np.array([1])
    offsets = losses.prior_offsets(loss, np.array([0, 0, 0, 1, 2, 2]), 3)
    value, gradient = losses.batch_loss(loss, row, labels, offsets=offsets)
    given = [loss.model_dump(mode="json") | {"offsets": offsets.tolist()}, outputs]
    result = javascript(
        ENGINE, "(r => ({ ...r, seed: Array.from(r.seed) }))(lossOf(null, given[0], given[1], 1))", given
    )
    assert result["loss"] == pytest.approx(float(value), rel=1e-9, abs=1e-12)
    same(result["seed"], gradient[0], 1e-6)
    same(result["probabilities"], losses.probabilities(loss, row)[0], 1e-9)


@pytest.mark.parametrize("label", [0, 1])
def test_a_single_output_is_a_yes_or_no_to_the_second_class(label):
    loss, output = loss_specs.BinaryCrossEntropy(), np.array([[0.7]])
    value, gradient = losses.batch_loss(loss, output, np.array([label]))
    result = javascript(ENGINE, f"lossOf(null, {{kind: 'binary_cross_entropy'}}, [0.7], {label})")
    assert result["loss"] == pytest.approx(float(value))
    assert result["seed"]["0"] == pytest.approx(gradient[0, 0])
    assert result["probabilities"] == pytest.approx(losses.probabilities(loss, losses.of_each_class(output))[0])


OPTIMIZERS = [
    optimizer_specs.SGD(),
    optimizer_specs.Momentum(),
    optimizer_specs.Nesterov(momentum=0.8),
    optimizer_specs.Adagrad(),
    optimizer_specs.Adadelta(),
    optimizer_specs.RMSProp(),
    optimizer_specs.Adam(),
    optimizer_specs.AdamW(weight_decay=0.2),
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.kind)
def test_three_steps_of_an_optimizer_leave_cores_weights_and_slots(optimizer):
    rng = np.random.default_rng(5)
    names = ("conv1.weights", "conv1.biases", "norm1.gamma", "norm1.beta")
    weights = {name: rng.normal(size=(2, 3)).astype("float32") for name in names}
    gradients = {name: rng.normal(size=(2, 3)).astype("float32") for name in names}
    result = javascript(
        ENGINE,
        """(() => { const weights = readWeights(given.packed.manifest, given.packed.data), slots = {};
        for (const k of [1, 2, 3]) optimizerStep(given.optimizer, weights, given.gradients, slots, k, 0.05 * k);
        const lists = all => Object.fromEntries(Object.entries(all).map(([name, a]) => [name, Array.from(a.data)]));
        return [lists(weights), lists(slots)]; })()""",
        {
            "packed": packed_weights(weights, {}),
            "optimizer": optimizer.model_dump(mode="json"),
            "gradients": {name: g.ravel().tolist() for name, g in gradients.items()},
        },
    )
    expected = weights, optimizers.empty_slots(optimizer, weights)
    for step in (1, 2, 3):
        expected = optimizers.step(optimizer, expected[0], gradients, expected[1], step, 0.05 * step)
    all_same(result[0], expected[0], 1e-6)
    assert set(result[1]) == set(expected[1])
    for name, values in expected[1].items():
        same(result[1][name], values, 1e-6)


def test_a_step_of_a_whole_network_in_the_browser_is_a_training_step():
    case = Case(NETWORKS["valid"])
    label, rate = 1, 0.1
    result = case.in_the_browser(
        """const last = outputs[network.ops.at(-1).name], { loss, seed: up } = lossOf(network, given.loss, last, 1);
        const g = backward(network, weights, image, outputs, up);
        optimizerStep({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, weights, g.weights, {}, 1, 0.1);
        return [loss, Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, Array.from(w.data)]))];""",
        loss=loss_specs.CrossEntropy().model_dump(mode="json"),
    )
    recipe = TrainingRecipe(optimizer=optimizer_specs.Adam(learning_rate=rate), precision="float32")
    model = backends.load("reference").build(case.network, case.weights, recipe)
    model.load(case.x[None], np.array([label]))
    assert result[0] == pytest.approx(float(model.steps(np.array([[0]]), np.array([rate]), {})[0]), rel=1e-5)
    all_same(result[1], model.state().weights, 1e-4)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_weights_arrive_as_they_were_packed(dtype):
    numbers = [0, -0.0, 1, -2.5, 65504, 6e-8, 6.1e-5, -1e-4, 0.1]
    arrays = {"a.weights": np.array(numbers, "float32"), "a.biases": np.array([[1, 2, 3]], "float32")}
    statistics = {"b.running_variance": np.array([1e6], "float32")}
    packed = packed_weights(arrays, statistics, dtype)
    result = javascript(
        ENGINE,
        "Object.entries(readWeights(given.manifest, given.data)).map(([n, a]) => [n, a.shape, Array.from(a.data)])",
        packed,
    )
    assert result == [
        ["a.weights", [9], arrays["a.weights"].astype(dtype).astype(float).tolist()],
        ["a.biases", [1, 3], [1, 2, 3]],
        ["b.running_variance", [1], [1e6]],
    ]


def test_infinities_and_nan_of_float16_arrive_too():
    packed = packed_weights({"a": np.array([np.inf, -np.inf, np.nan, 1], "float32")}, {}, "float16")
    packed["manifest"]["a"]["dtype"] = "float16"
    raw = np.array([np.inf, -np.inf, np.nan, 1], "<f2").tobytes()
    packed["data"] = base64.b64encode(raw).decode()
    result = javascript(ENGINE, "Array.from(readWeights(given.manifest, given.data).a.data, String)", packed)
    assert result == ["Infinity", "-Infinity", "NaN", "1"]


# --- one cell


CELLS = """const places = op => { const [maps, rows = 1, columns = 1] = op.output, result = [];
  for (const m of [0, maps - 1]) for (const i of new Set([0, rows - 1, rows >> 1]))
    for (const j of new Set([0, columns - 1, columns >> 1])) result.push([m, i, j]);
  return result; };
const all = ops => ops.flatMap(op => [...(op.rows ?? []).flatMap(all), op]);"""


@each_network
def test_the_parts_of_a_cell_add_up_to_it_at_corners_borders_and_inside(subject):
    case = Case(subject, "float64")
    result = case.in_the_browser(
        CELLS
        + """return all(network.ops).flatMap(op => places(op).map(place => {
          const { parts, ...one } = cell(network, weights, image, outputs, op.name, place);
          const products = parts.map(p => p.kernel && p.products.values.reduce(
            (wrong, v, k) => Math.max(wrong, Math.abs(v - p.patch.values[k] * p.kernel.values[k])), 0));
          const sums = parts.map(p => p.products ? p.products.values.reduce((a, b) => a + b, 0) : p.sum);
          return { ...one, name: op.name, function: op.function, place, products, sums, parts: parts.map(p => p.sum) };
        }));"""
    )
    assert {one["name"] for one in result} == set(case.outputs)
    for one in result:
        output = case.outputs[one["name"]]
        expected = output[tuple(one["place"][: output.ndim])]
        scale = max(np.abs(output).max(), 1e-3)
        assert one["value"] == pytest.approx(expected, abs=1e-5 * scale), one
        assert sum(one["parts"]) + (one["bias"] or 0) == pytest.approx(one["total"], abs=1e-9)
        assert one["sums"] == pytest.approx(one["parts"], rel=1e-4, abs=1e-5)
        assert max([wrong for wrong in one["products"] if wrong is not None], default=0) < 1e-5
        if one["kind"] != "activation" or one["function"] in ("maxout", "softmax"):
            assert one["total"] == pytest.approx(expected, abs=1e-5 * scale), one


def test_the_cell_of_an_activation_is_computed_from_the_cell_below():
    case = Case(NETWORKS["valid"])
    below, above = case.in_the_browser(
        "return ['conv1', 'act1'].map(name => cell(network, weights, image, outputs, name, [2, 1, 3]));"
    )
    assert above["total"] == pytest.approx(below["total"], rel=1e-5)
    assert above["value"] == max(above["total"], 0)


def test_a_patch_in_the_corner_has_the_padded_value_and_its_place():
    subject = network(Conv2D(filters=2, kernel_size=3, padding=1, pad_value=-1, dilation=1), Flatten(), Dense(units=2))
    case = Case(subject)
    corner = case.in_the_browser("return cell(network, weights, image, outputs, 'conv1', [1, 0, 0]).parts[1]")
    patch = np.array(list(corner["patch"]["values"].values())).reshape(3, 3)
    assert (corner["map"], corner["top"], corner["left"], corner["step"]) == (1, -1, -1, [1, 1])
    assert patch[0].tolist() == [-1, -1, -1]
    assert patch[:, 0].tolist() == [-1, -1, -1]
    assert patch[1:, 1:] == pytest.approx(case.x[1, :2, :2])
    kernel = np.array(list(corner["kernel"]["values"].values())).reshape(3, 3)
    assert kernel == pytest.approx(case.weights["conv1.weights"][1, 1])


def test_a_dense_unit_after_flatten_sees_one_patch_of_each_map():
    case = Case(NETWORKS["max"])
    unit = case.in_the_browser("return cell(network, weights, image, outputs, 'dense1', [2])")
    maps = case.outputs["pool1"]
    assert [(part["map"], part["patch"]["rows"], part["patch"]["columns"]) for part in unit["parts"]] == [
        (c, *maps.shape[1:]) for c in range(len(maps))
    ]
    assert list(unit["parts"][1]["patch"]["values"].values()) == pytest.approx(maps[1].ravel(), rel=1e-5)


@each_network
def test_partial_maps_and_the_bias_are_the_filters_map(subject):
    case = Case(subject, "float64")
    result = case.in_the_browser(
        CELLS
        + """const sliding = all(network.ops).filter(op => op.kernel_size);
        return Object.fromEntries(sliding.map(op => [op.name, partialMaps(network, weights, image, outputs, op.name,
          op.output[0] - 1).map(({ values, rows, columns }) => ({ values: Array.from(values), rows, columns }))]));"""
    )
    for name, maps in result.items():
        expected = case.outputs[name][-1]
        biases = case.weights.get(f"{name}.biases", np.zeros(len(case.outputs[name])))
        total = sum(np.array(one["values"]).reshape(one["rows"], one["columns"]) for one in maps)
        same(total + biases[-1], expected)
    assert set(result) == {
        step.layer.name for step in trace(subject) if step.layer.kind in ("conv2d", "locally_connected")
    }


# --- what a cell sees


@each_network
def test_pixels_outside_the_receptive_field_do_not_change_a_cell(subject):
    case = Case(subject, "float64")
    fields = case.in_the_browser(
        CELLS
        + """return all(network.ops).flatMap(op => places(op).slice(0, 9).map(([, i, j]) =>
          ({ name: op.name, place: [i, j], field: receptiveField(network, op.name, [i, j]) })));"""
    )
    base = case.outputs
    for one in fields:
        output, field = base[one["name"]], one["field"]
        assert (field is None) == (output.ndim == 1)
        if field is None:
            continue
        inside = np.zeros(case.x.shape[1:], bool)
        inside[field["top"] : field["bottom"], field["left"] : field["right"]] = True
        moved = np.where(inside, case.x, case.x + 1.5)
        after = case.model.activations(moved[None])[one["name"]][0]
        row, column = one["place"]
        assert after[:, row, column] == pytest.approx(output[:, row, column], abs=1e-9), one


@pytest.mark.parametrize("name", ["valid", "dilation and stride", "max, overlapping", "branches", "3 of 4 channels"])
def test_a_receptive_field_inside_the_image_has_the_size_that_costs_tells(name):
    shape = (2, 40, 40)
    subject = network(*NETWORKS[name].layers[:-2], Flatten(), Dense(units=3), shape=shape)
    steps = [step for step in trace(subject) if len(step.output) == 3]
    sizes = {cost.step.layer.name: cost.receptive_field for cost in costs(subject)}
    places = {step.layer.name: [step.output[1] // 2, step.output[2] // 2] for step in steps}
    result = javascript(
        ENGINE,
        "Object.fromEntries(Object.entries(given[1]).map(([n, at]) => [n, receptiveField(given[0], n, at)]))",
        [described(subject), places],
    )
    for layer, field in result.items():
        assert (field["bottom"] - field["top"], field["right"] - field["left"]) == tuple(sizes[layer]), layer


# --- changes


def changed(case, changes):
    return case.in_the_browser(
        """const changed = changedWeights(network, weights, given.changes);
        return [weights, changed].map(all => Object.fromEntries(
          Object.entries(all).map(([name, w]) => [name, Array.from(w.data)])));""",
        changes=changes.model_dump(mode="json"),
    )


def test_knocked_out_filters_and_silenced_biases_are_cores():
    case = Case(NETWORKS["one bias per unit"])
    changes = Changes(knocked_out=(("conv1", 1), ("dense1", 2)), silenced=("dense1",))
    before, after = changed(case, changes)
    all_same(after, changes.applied(case.weights), 0)
    all_same(before, case.weights, 0)


def test_noise_is_as_wide_as_asked_the_same_for_a_seed_and_none_on_the_statistics():
    case = Case(network(Flatten(), BatchNorm(), Dense(units=400), shape=(2, 7, 6)))
    _, once = changed(case, Changes(noise=0.5, seed=3))
    _, twice = changed(case, Changes(noise=1.0, seed=3))
    _, other = changed(case, Changes(noise=0.5, seed=4))
    weights = case.weights["dense1.weights"]
    noise = np.array(once["dense1.weights"]) - weights.ravel()
    assert noise.std() == pytest.approx(0.5 * weights.std(), rel=0.02)
    assert abs(noise.mean()) < 0.02 * weights.std()
    assert np.array(twice["dense1.weights"]) - weights.ravel() == pytest.approx(2 * noise, abs=1e-6)
    assert other["dense1.weights"] != once["dense1.weights"]
    assert once["norm1.running_mean"] == pytest.approx(case.statistics["norm1.running_mean"])


# --- against a definition that has no backward pass


@pytest.mark.parametrize("name", ["residual, 1x1 with strides", "batch norm of features", "local, no bias"])
def test_gradients_are_finite_differences(name):
    """In networks whose functions have no corners."""
    case = Case(NETWORKS[name], "float64")
    result = case.in_the_browser(
        """const g = backward(network, weights, image, outputs, seed), last = network.ops.at(-1).name;
        const value = () => forward(network, weights, image)[last].reduce((sum, y, k) => sum + y * seed[k], 0);
        const slope = (numbers, at) => { const kept = numbers[at], h = 2 ** -7;
          numbers[at] = kept + h; const up = value(); numbers[at] = kept - h; const down = value();
          numbers[at] = kept; return (up - down) / (2 * h); };
        return { input: [0, 17, 40, 83].map(at => [g.input[at], slope(image, at)]),
          weights: Object.keys(g.weights).map(name => [g.weights[name][1], slope(weights[name].data, 1)]) };"""
    )
    pairs = np.array(result["input"] + result["weights"])
    assert len(pairs) > 5
    assert np.abs(pairs).max() > 0.1
    assert pairs[:, 0] == pytest.approx(pairs[:, 1], abs=0.002 * np.abs(pairs).max())


def test_among_equal_maxima_the_first_gets_the_gradient_as_in_the_reference():
    subject = network(
        conv(4, 1), act("maxout"), Pool(window=3, stride=2, padding="same"), Flatten(), Dense(units=3), shape=(1, 7, 6)
    )
    case = Case(subject, "float64")
    case.weights["conv1.weights"][:] = case.weights["conv1.weights"][0]
    case.weights["conv1.biases"][:] = 0.25
    case.model = backends.load("reference").build(subject, case.weights, TrainingRecipe(precision="float64"))
    case.x = np.random.default_rng(1).integers(0, 2, (1, 7, 6)).astype("float32")
    case.outputs = {name: a[0] for name, a in case.model.activations(case.x[None]).items()}
    compare(case)
