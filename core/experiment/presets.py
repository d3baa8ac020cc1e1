"""The networks that the lessons and the lab start from; the data set decides input shape and number of classes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from core.data.catalogue import describe
from core.data.preparation.scaling import Scaling, Signed
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment, ExperimentError
from core.experiment.messages import explain
from core.network.blocks import Branches, Residual
from core.network.errors import NetworkError
from core.network.initializers import HeNormal, Normal, OneOverInOut, OneOverOut, UniformOverIn, Zeros
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network
from core.recipe.losses import BinaryCrossEntropy, SquaredError, fewest_outputs
from core.recipe.optimizers import SGD, Adam, Momentum
from core.recipe.penalties import Penalties, Penalty
from core.recipe.training import TrainingRecipe


Layers = list[Any]
"""A new layer has no name yet, and short forms such as kernel_size=5; `Network` completes and checks it."""


@dataclass(frozen=True)
class Preset:
    """A network with its usual training recipe."""

    name: str
    label: str
    sentence: str
    home: tuple[tuple[int, int, int], int]
    """Input shape (C, H, W) and number of classes for which its parameter count is quoted."""
    layers: Callable[[int], Layers]
    """Number of classes -> layers."""
    training: TrainingRecipe
    scaling: Scaling | None = None
    """The scaling of the images that the network was designed for; None: the data recipe's default."""

    def network(self, shape: tuple[int, int, int] | None = None, classes: int | None = None) -> Network:
        """The network for images of `shape` and this many classes; by default, for the data it was designed for."""
        return Network(input_shape=shape or self.home[0], layers=self.layers(classes or self.home[1]))


def names() -> list[str]:
    return [preset.name for preset in PRESETS]


def get(name: str) -> Preset:
    for preset in PRESETS:
        if preset.name == name:
            return preset
    raise ExperimentError(f"there is no preset called {name!r}; choose one of {', '.join(names())}")


def experiment(name: str, data: str, seed: int = 1) -> Experiment:
    """The preset on a data set, ready to train. Raises ExperimentError (including when the network does not fit the
    images) or DataError."""
    preset, entry = get(name), describe(data)
    try:
        return Experiment(
            title=f"{preset.label} on {entry.label}",
            data=DataRecipe(name=data, **({"scaling": preset.scaling} if preset.scaling else {})),
            network=preset.network(entry.shape, len(entry.class_names)),
            training=preset.training,
            seed=seed,
        )
    except (NetworkError, ValidationError) as error:
        reason = explain(error) if isinstance(error, ValidationError) else str(error)
        raise ExperimentError(f"{name} does not fit {data}: {reason}") from None


# --- Nielsen's network3 (2015): weights N(0, 1/n_out), biases N(0, 1), a softmax layer of zeros, sigmoid after the pool


def _nielsen_dense(units: int, function: Literal["sigmoid", "relu"] = "sigmoid") -> Layers:
    return [Dense(units=units, weights=OneOverOut(), biases=Normal()), Activation(function=function)]


def _nielsen_conv_pool(filters: int, function: Literal["sigmoid", "relu"] = "sigmoid") -> Layers:
    return [
        Conv2D(filters=filters, kernel_size=5, weights=OneOverOut(pool_area=4), biases=Normal()),
        Pool(mode="max", window=2),
        Activation(function=function),
    ]


def _softmax_layer(classes: int) -> Layers:
    return [Dense(units=classes, weights=Zeros())]


def _network3_dense(classes: int) -> Layers:
    return [Flatten(), *_nielsen_dense(100), *_softmax_layer(classes)]


def _network3_first_cnn(classes: int) -> Layers:
    return [*_nielsen_conv_pool(20), Flatten(), *_nielsen_dense(100), *_softmax_layer(classes)]


def _network3_two_conv(classes: int) -> Layers:
    return [
        *_nielsen_conv_pool(20),
        *_nielsen_conv_pool(40),
        Flatten(),
        *_nielsen_dense(100),
        *_softmax_layer(classes),
    ]


def _network3_conv_softmax(classes: int) -> Layers:
    return [*_nielsen_conv_pool(20), Flatten(), *_softmax_layer(classes)]


def _network3_two_conv_relu(classes: int) -> Layers:
    return [*_two_conv_relu(), *_nielsen_dense(100, "relu"), *_softmax_layer(classes)]


def _network3_two_hidden(classes: int) -> Layers:
    hidden = _nielsen_dense(100, "relu")
    return [*_two_conv_relu(), *hidden, *hidden, *_softmax_layer(classes)]


def _network3_dropout(classes: int) -> Layers:
    """Dropout of half the inputs of each dense layer; none before the convolutions."""
    dropout = Dropout(rate=0.5, mode="classic")
    hidden = [dropout, *_nielsen_dense(1000, "relu")]
    return [*_two_conv_relu(), *hidden, *hidden, dropout, *_softmax_layer(classes)]


def _two_conv_relu() -> Layers:
    return [*_nielsen_conv_pool(20, "relu"), *_nielsen_conv_pool(40, "relu"), Flatten()]


def _one_layer_softmax(classes: int) -> Layers:
    return [Flatten(), *_softmax_layer(classes)]


# --- a binary classifier


def _sigmoid_output(classes: int) -> Layers:
    return [Flatten(), Dense(units=fewest_outputs(BinaryCrossEntropy(), classes), weights=Zeros())]


# --- LeNet twice: as the Theano and as the TensorFlow tutorials of 2015 wrote it


def _lenet_theano(classes: int) -> Layers:
    start = OneOverInOut()

    def block(filters: int) -> Layers:
        return [
            Conv2D(filters=filters, kernel_size=5, weights=start),
            Pool(mode="max", window=2),
            Activation(function="tanh"),
        ]

    dense = [Dense(units=500, weights=start), Activation(function="tanh"), Dense(units=classes, weights=start)]
    return [*block(20), *block(50), Flatten(), *dense]


def _lenet_tensorflow(classes: int) -> Layers:
    def block(filters: int) -> Layers:
        return [
            Conv2D(filters=filters, kernel_size=5, padding="same"),
            Activation(function="relu"),
            Pool(mode="max", window=2),
        ]

    return [*block(20), *block(50), Flatten(), Dense(units=500), Activation(function="relu"), Dense(units=classes)]


# --- the zip net: LeCun et al. 1989, "Backpropagation applied to handwritten zip code recognition"

ZIP_TRAINING = TrainingRecipe(
    optimizer=SGD(learning_rate=0.03), loss=SquaredError(targets="signed"), batch_size=1, epochs=23, order="fixed"
)
"""Squared error with targets -1 and 1, one image per step, 23 epochs in the same order, as in the paper, which does not
report its learning rates."""


def _zip_net(classes: int) -> Layers:
    """Weights between -2.4 and 2.4 divided by the number of inputs. The paper does not say which maps of H1 each map of
    H2 reads; core/network/connection_table.py has the usual guess."""
    start, tanh = UniformOverIn(reach=2.4), Activation(function="tanh")

    def partial_convolution(name: str, **options: Any) -> Conv2D:
        shared: dict[str, Any] = {"filters": 12, "kernel_size": 5, "stride": 2, "padding": 2, "pad_value": -1}
        shared["bias"] = "per unit"
        return Conv2D(name=name, weights=start, **shared, **options)

    hidden = [partial_convolution("h1"), tanh, partial_convolution("h2", inputs_per_filter=8), tanh, Flatten()]
    dense = [Dense(name="h3", units=30, weights=start), tanh, Dense(name="output", units=classes, weights=start), tanh]
    return [*hidden, *dense]


# --- Keras tutorials


def _small_keras_cnn(classes: int) -> Layers:
    return [
        Conv2D(filters=32, kernel_size=3, padding="same"),
        Activation(function="relu"),
        Flatten(),
        Dense(units=classes),
    ]


def _live_cnn(classes: int) -> Layers:
    return [
        Conv2D(filters=32, kernel_size=3),
        Activation(function="relu"),
        Conv2D(filters=32, kernel_size=3),
        Activation(function="relu"),
        Pool(mode="max", window=2),
        Flatten(),
        Dense(units=128),
        Activation(function="relu"),
        Dense(units=classes),
    ]


def _dense_500_50_10(classes: int) -> Layers:
    return [
        Flatten(),
        Dense(units=500),
        Activation(function="sigmoid"),
        Dense(units=50),
        Activation(function="sigmoid"),
        Dense(units=classes),
    ]


# --- blocks: a residual network and an inception module, small enough to train while you watch


def _conv_relu(filters: int, kernel_size: int, stride: int = 1) -> Layers:
    return [
        Conv2D(filters=filters, kernel_size=kernel_size, stride=stride, padding="same", weights=HeNormal()),
        Activation(function="relu"),
    ]


def _residual_block(filters: int, stride: int = 1) -> Layers:
    """Two convolutions, then the sum, then the ReLU (He et al. 2016, fig. 2). Where the first convolution strides, the
    shortcut is a 1x1 convolution with the same stride."""
    inside = [
        *_conv_relu(filters, 3, stride),
        Conv2D(filters=filters, kernel_size=3, padding="same", weights=HeNormal()),
    ]
    return [Residual(layers=inside, shortcut="identity" if stride == 1 else "1x1"), Activation(function="relu")]


def _small_resnet(classes: int) -> Layers:
    return [
        *_conv_relu(8, 3),
        *_residual_block(8),
        *_residual_block(16, stride=2),
        *_residual_block(32, stride=2),
        Pool(mode="max", window=2),
        Flatten(),
        Dense(units=classes),
    ]


def _inception(classes: int) -> Layers:
    """One module as in Szegedy et al. 2015, fig. 2b: a 1x1, a reduced 3x3, a reduced 5x5 and a pooled branch."""
    rows = [
        _conv_relu(8, 1),
        [*_conv_relu(8, 1), *_conv_relu(12, 3)],
        [*_conv_relu(4, 1), *_conv_relu(8, 5)],
        [Pool(mode="max", window=3, stride=1, padding="same"), *_conv_relu(4, 1)],
    ]
    return [
        *_conv_relu(16, 3),
        Pool(mode="max", window=2),
        Branches(rows=rows),
        Pool(mode="max", window=2),
        Flatten(),
        Dense(units=classes),
    ]


# --- the list

MNIST, SVHN = ((1, 28, 28), 10), ((3, 32, 32), 10)
NIELSEN = TrainingRecipe(
    optimizer=SGD(learning_rate=0.1),
    batch_size=10,
    epochs=60,
    order="fixed",
    drop_last=True,
    penalties=Penalties(over_batches=True),
    test_at_best=True,
)
_L2 = Penalty(l2=0.1)
NIELSEN_RELU = NIELSEN.model_copy(
    update={
        "optimizer": SGD(learning_rate=0.03),
        "penalties": Penalties(conv=_L2, dense=_L2, output=_L2, over_batches=True),
    }
)
NIELSEN_DROPOUT = NIELSEN.model_copy(update={"optimizer": SGD(learning_rate=0.03), "epochs": 40})
"""Dropout instead of L2."""
ADAM = TrainingRecipe(optimizer=Adam(learning_rate=0.001), batch_size=128, epochs=12)

PRESETS = (
    Preset(
        "one-layer-softmax",
        "one-layer softmax",
        "Every pixel votes for every class: the weights of each class form one image.",
        MNIST,
        _one_layer_softmax,
        TrainingRecipe(optimizer=SGD(learning_rate=0.5), batch_size=128, epochs=3, drop_last=True),
    ),
    Preset(
        "sigmoid-output",
        "sigmoid output",
        "A weighted sum and a sigmoid: yes or no to the second of two classes; with more classes, a yes or no to each.",
        ((1, 1, 2), 2),
        _sigmoid_output,
        TrainingRecipe(optimizer=SGD(learning_rate=0.5), loss=BinaryCrossEntropy(), batch_size=32, epochs=30),
    ),
    Preset(
        "network3-dense",
        "network3 dense",
        "One hidden layer of 100 sigmoid units: the baseline of Nielsen's book.",
        MNIST,
        _network3_dense,
        NIELSEN,
    ),
    Preset(
        "network3-first-cnn",
        "network3 first CNN",
        "A convolution with 20 filters (5x5) and max-pooling, then the dense baseline.",
        MNIST,
        _network3_first_cnn,
        NIELSEN,
    ),
    Preset(
        "network3-two-conv",
        "network3 two convolutions",
        "A second convolution reads the first one's feature maps: fewer parameters, higher accuracy.",
        MNIST,
        _network3_two_conv,
        NIELSEN,
    ),
    Preset(
        "network3-conv-softmax",
        "network3 convolution, no hidden layer",
        "The 20 feature maps go straight to the softmax layer: what does the dense layer add?",
        MNIST,
        _network3_conv_softmax,
        NIELSEN,
    ),
    Preset(
        "network3-two-conv-relu",
        "network3 two convolutions, ReLU",
        "ReLU instead of sigmoid, a smaller learning rate and a little L2: it learns much faster.",
        MNIST,
        _network3_two_conv_relu,
        NIELSEN_RELU,
    ),
    Preset(
        "network3-two-hidden",
        "network3 two hidden layers",
        "A second dense layer of 100 ReLU units after the two convolutions: does it help?",
        MNIST,
        _network3_two_hidden,
        NIELSEN_RELU,
    ),
    Preset(
        "network3-dropout",
        "network3 with dropout",
        "Nielsen's best network: two dense layers of 1,000 units, with dropout of one half.",
        MNIST,
        _network3_dropout,
        NIELSEN_DROPOUT,
    ),
    Preset(
        "lenet-theano",
        "LeNet (Theano form)",
        "Convolutions without padding, tanh after the pool: 32, 28, 14, 10, 5.",
        SVHN,
        _lenet_theano,
        TrainingRecipe(optimizer=Momentum(learning_rate=0.01, momentum=0.9), batch_size=128, epochs=10),
    ),
    Preset(
        "lenet-tensorflow",
        "LeNet (TensorFlow form)",
        "The same filters with padding “same”, and ReLU before the pool: 32, 16, 8.",
        SVHN,
        _lenet_tensorflow,
        TrainingRecipe(optimizer=Momentum(learning_rate=0.01, momentum=0.9), batch_size=128, epochs=10),
    ),
    Preset(
        "small-keras-cnn",
        "small Keras CNN",
        "One convolution and the output layer, which has almost all the parameters.",
        MNIST,
        _small_keras_cnn,
        ADAM,
    ),
    Preset(
        "live-cnn",
        "live CNN",
        "Two convolutions, one pool, 128 units: the network most tutorials build.",
        MNIST,
        _live_cnn,
        ADAM,
    ),
    Preset(
        "dense-500-50-10",
        "dense 500-50-10",
        "No convolution: every pixel is connected to 500 units.",
        MNIST,
        _dense_500_50_10,
        ADAM,
    ),
    Preset(
        "small-resnet",
        "small ResNet",
        "Three residual blocks: each adds its layers' output to its input, so gradients can bypass the layers.",
        MNIST,
        _small_resnet,
        ADAM,
    ),
    Preset(
        "inception",
        "inception module",
        "1x1, 3x3, 5x5 and a pool read the same feature maps in parallel; their outputs are concatenated.",
        MNIST,
        _inception,
        ADAM,
    ),
    Preset(
        "zip-net",
        "zip net (1989)",
        "The first network to read zip codes: 64,660 connections share 9,760 parameters. 16x16 images from -1 to 1.",
        ((1, 16, 16), 10),
        _zip_net,
        ZIP_TRAINING,
        Signed(),
    ),
)
