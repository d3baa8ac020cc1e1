"""Every optimizer, loss and kind of penalty that a backend must support."""

import pytest

from core.recipe.losses import BinaryCrossEntropy, CrossEntropy, Focal, LogitAdjusted, SquaredError
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from core.recipe.penalties import Penalties, Penalty


OPTIMIZERS = {
    "sgd": SGD(learning_rate=0.1),
    "momentum": Momentum(learning_rate=0.05),
    "nesterov": Nesterov(learning_rate=0.05),
    # with a smaller epsilon, a first gradient that is mere rounding error would make a whole step
    "adagrad": Adagrad(learning_rate=0.05, epsilon=1e-4),
    "adadelta": Adadelta(learning_rate=1),
    "rmsprop": RMSProp(learning_rate=0.005),
    "adam": Adam(learning_rate=0.01),
    "adamw": AdamW(learning_rate=0.01, weight_decay=0.1),
}


LOSSES = {
    "cross-entropy": CrossEntropy(),
    "cross-entropy, smoothed": CrossEntropy(label_smoothing=0.1),
    "cross-entropy, summed": CrossEntropy(reduction="sum"),
    "focal": Focal(gamma=2),
    "focal, gamma 0.5": Focal(gamma=0.5),
    "focal, gamma 0": Focal(gamma=0),
    "logit-adjusted": LogitAdjusted(tau=1.5),
    "binary cross-entropy": BinaryCrossEntropy(),
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
