"""What is specific to PyTorch: its memory order, its devices, its fused optimizer. The contract covers the rest."""

import subprocess
import sys

import numpy as np
import pytest
import torch

import backends
from backends.pytorch.layers import ChannelMajorFlatten, L2Pool, pooling
from core.backend import BackendError, State
from core.network.initial_weights import initial_weights
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.network.shapes import NetworkError, output_shape
from core.network.training_order import training_order
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe


BACKEND = backends.load("pytorch")
SMALL = Network(
    input_shape=(1, 8, 8),
    layers=[Conv2D(filters=4, kernel_size=3), Activation(function="relu"), Pool(), Flatten(), Dense(units=3)],
)


def model(optimizer=None):
    recipe = TrainingRecipe(optimizer=optimizer) if optimizer else TrainingRecipe()
    return BACKEND.build(SMALL, initial_weights(SMALL, seed=1), recipe)


def loaded():
    result = model(Adam())
    result.load(np.random.default_rng(0).random((20, 1, 8, 8), np.float32), np.arange(20) % 3)
    return result


def test_a_gpu_that_is_not_here_is_refused_with_the_devices_that_are():
    with pytest.raises(BackendError, match=r"no device 'cuda:99' here; it has cpu"):
        BACKEND.build(SMALL, initial_weights(SMALL, seed=1), TrainingRecipe(), "cuda:99")


def test_building_leaves_torchs_own_chance_alone():
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    model()
    assert torch.equal(torch.rand(4), expected)


def test_training_images_are_channels_last_even_with_one_channel():
    """Strides of a single channel are ambiguous; the wrong ones make convolution and pooling several times slower."""
    outputs = []
    result = loaded()
    result.layers["conv1"].register_forward_hook(lambda layer, inputs, y: outputs.append(y))
    result.steps(np.arange(8).reshape(1, 8), np.array([0.01]), {})
    assert outputs[0].stride(1) == 1


def test_flatten_gives_its_gradient_back_channels_last():
    x = torch.randn(2, 3, 4, 5).contiguous(memory_format=torch.channels_last).requires_grad_()
    y = ChannelMajorFlatten()(x)
    (dx,) = torch.autograd.grad(y, x, y)
    assert torch.equal(y, x.contiguous().flatten(1))
    assert torch.equal(dx, x)
    assert dx.is_contiguous(memory_format=torch.channels_last)


def test_an_l2_window_of_zeros_has_gradient_zero_not_nan():
    x = torch.zeros(1, 1, 2, 2, requires_grad=True)
    L2Pool((2, 2), (2, 2))(x).backward()
    assert torch.equal(x.grad, torch.zeros(1, 1, 2, 2))


def test_the_training_set_is_a_copy():
    x = np.zeros((4, 1, 8, 8), np.float32)
    result = model()
    result.load(x, np.zeros(4, int))
    x += 1
    assert not result.x.any()


def test_a_state_of_another_network_is_refused_in_words():
    weights = model().state().weights
    with pytest.raises(BackendError, match=r"no 'conv1.weights'"):
        model().restore(State({}))
    with pytest.raises(BackendError, match=r"'dense1.biases' has the shape \(1,\)"):
        model().restore(State(weights | {"dense1.biases": np.zeros(1)}))


def test_training_does_not_import_torchs_compiler():
    """torch.optim's optimizer classes import torch._dynamo: most of a second before the first step."""
    import subprocess
    import sys

    program = (
        "import sys, numpy as np\n"
        "from tests.backends.pytorch.test_pytorch import loaded\n"
        "loaded().steps(np.zeros((1, 4), int), np.array([0.01]), {})\n"
        "sys.exit('torch._dynamo' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_training_pools_before_the_relu_but_looking_inside_does_not():
    assert [step.layer.name for step in training_order(SMALL)][:3] == ["conv1", "pool1", "act1"]
    x = np.random.default_rng(0).random((2, *SMALL.input_shape), np.float32)
    assert list(model().activations(x))[:3] == ["conv1", "act1", "pool1"]


def test_strided_one_cell_convolutions_train_on_batches_of_every_size():
    """oneDNN's strided 1x1 convolution would crash the process, so the training runs in a separate one."""
    ended = subprocess.run([sys.executable, "-c", STRIDED], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr[-500:]


STRIDED = """
import numpy as np
from backends.pytorch.model import BACKEND
from core.recipe.training import TrainingRecipe
from core.network.initial_weights import initial_weights
from core.network.layers import Conv2D, Dense, Flatten
from core.network.network import Network

convolutions = [Conv2D(filters=8, kernel_size=3, padding="same"), Conv2D(filters=16, kernel_size=1, stride=2)]
layers = [*convolutions, Flatten(), Dense(units=2)]
network = Network(input_shape=(1, 28, 28), layers=layers)
model = BACKEND.build(network, initial_weights(network, 1), TrainingRecipe())
model.load(np.zeros((128, 1, 28, 28), np.float32), np.zeros(128, int))
for turn in range(10):
    for rows in (128, 7, 50, 99, 1, 33):
        model.steps(np.arange(rows)[None], np.array([0.1]), {})
"""


@pytest.mark.parametrize("stride", [1, 2, 3, 5])
@pytest.mark.parametrize("window", [1, 2, 3, 4, 6])
def test_rounding_up_follows_the_ceil_mode_of_pytorch(window, stride):
    """Each window must start inside the image, even if it is larger than the image; sizes down to one cell."""
    for height in range(1, 9):
        x = torch.as_tensor(np.random.default_rng(height).normal(size=(2, 1, height, 5)))
        for how, kind in (("max", torch.nn.MaxPool2d), ("average", torch.nn.AvgPool2d)):
            layer = Pool(name="pool1", mode=how, window=(window, 2), stride=(stride, 2), padding="ceil")
            try:
                theirs = kind((window, 2), (stride, 2), ceil_mode=True)(x)
            except RuntimeError:
                with pytest.raises(NetworkError):
                    output_shape(Network(input_shape=(1, height, 5), layers=[layer]))
                continue
            assert output_shape(Network(input_shape=(1, height, 5), layers=[layer])) == theirs.shape[1:]
            torch.testing.assert_close(pooling(layer, (1, height, 5))(x), theirs, rtol=1e-12, atol=0)
