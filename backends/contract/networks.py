"""Networks that together contain every layer and every option, and short functions to write them."""

import pytest

from core.network.blocks import Branches, Residual
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


def network(*layers, shape=(2, 7, 6)) -> Network:
    return Network(input_shape=shape, layers=layers)


def act(function: str, **options) -> Activation:
    return Activation(function=function, **options)


def conv(filters: int = 3, kernel_size=3, **options) -> Conv2D:
    return Conv2D(filters=filters, kernel_size=kernel_size, **options)


def local(filters: int = 3, kernel_size=3, **options) -> LocallyConnected:
    return LocallyConnected(filters=filters, kernel_size=kernel_size, **options)


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
    "uneven explicit padding": network(conv(3, 3, padding=((1, 0), (0, 2)), stride=(2, 1)), *HEAD),
    "even explicit padding": network(conv(3, (3, 2), padding=(2, 1), stride=2), *HEAD),
    "dilation": network(conv(3, (3, 2), dilation=(2, 3), padding="same"), conv(2, 2, dilation=2), *HEAD),
    "dilation and stride": network(conv(2, (2, 3), dilation=(3, 2), stride=(2, 1), padding=1), *HEAD),
    "kernel as large as the image": network(conv(3, (7, 6)), act("relu"), conv(4, 1), *HEAD),
    "max": network(conv(3, 2), Pool(window=2), *HEAD),
    "max, overlapping": network(Pool(window=(3, 2), stride=(2, 1)), *HEAD),
    "max, gaps": network(Pool(window=2, stride=3), *HEAD),
    "average, overlapping": network(Pool(mode="average", window=(2, 3), stride=1), *HEAD),
    "sum, with a remainder": network(Pool(mode="sum", window=(3, 4), stride=(2, 2)), *HEAD),
    "l2, overlapping": network(act("relu"), Pool(mode="l2", window=2, stride=1), *HEAD),
    "max, same": network(conv(3, 2), Pool(window=3, stride=1, padding="same"), *HEAD),
    "max, same, uneven": network(Pool(window=(2, 4), stride=(2, 3), padding="same"), act("relu"), *HEAD),
    "average, same": network(Pool(mode="average", window=(4, 3), stride=(1, 2), padding="same"), *HEAD),
    "sum, same": network(Pool(mode="sum", window=3, stride=2, padding="same"), *HEAD),
    "max, ceil": network(Pool(window=(2, 4), stride=(2, 3), padding="ceil"), act("relu"), *HEAD),
    "average, ceil": network(Pool(mode="average", window=(4, 3), stride=(3, 2), padding="ceil"), *HEAD),
    "sum, ceil": network(Pool(mode="sum", window=4, stride=3, padding="ceil"), *HEAD),
    "l2, ceil": network(Pool(mode="l2", window=(3, 4), stride=(2, 3), padding="ceil"), *HEAD),
    "l2, same": network(Pool(mode="l2", window=(3, 2), stride=1, padding="same"), *HEAD),
    "maxout": network(conv(6), act("maxout", pieces=3), Flatten(), Dense(units=6), act("maxout"), Dense(units=2)),
    "classic dropout, also on the input": network(Dropout(rate=0.2, mode="classic"), conv(), Dropout(rate=0.4), *HEAD),
    "padded with -1": network(conv(3, 3, padding=((1, 0), (2, 1)), pad_value=-1), act("tanh"), *HEAD),
    "same, padded with 0.5": network(conv(3, 3, padding="same", pad_value=0.5, stride=2), *HEAD),
    "one bias per unit": network(conv(3, 3, bias="per unit", stride=(2, 1)), act("relu"), *HEAD),
    "no biases": network(conv(3, 3, bias="none"), act("elu"), Flatten(), Dense(units=3, bias="none")),
    "3 of 4 channels": network(
        conv(4), act("relu"), conv(6, 2, inputs_per_filter=3), conv(3, 2, inputs_per_filter=2, bias="none"), *HEAD
    ),
    "2 of 4 channels, unit biases": network(
        conv(4), conv(5, 3, inputs_per_filter=2, bias="per unit", dilation=2, padding="same"), *HEAD
    ),
    "one channel each": network(conv(4), conv(4, 3, inputs_per_filter=1, padding="same", stride=2), *HEAD),
    "locally connected": network(local(3, (2, 3)), act("relu"), local(2, 2, stride=(2, 1)), *HEAD),
    "local, same padding, channel biases": network(
        local(3, 3, padding="same", pad_value=-1, bias="per channel"), *HEAD
    ),
    "local, no bias": network(local(3, 3, stride=2, padding=1, bias="none"), *HEAD),
    "separate bias layers": network(
        conv(3, bias="none"), Pool(), Bias(), act("relu"), Bias(bias="per unit"), Flatten(), Bias(), Dense(units=3)
    ),
    "global average pooling": network(conv(4), act("relu"), GlobalAveragePool(), Dense(units=3)),
    "batch norm": network(conv(bias="none"), BatchNorm(), act("relu"), BatchNorm(epsilon=0.01), *HEAD),
    "batch norm of features": network(
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
    "residual of features": network(
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
    "branches of features": network(
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
