"""A small training set, and models trained on it for a few steps."""

import numpy as np
from numpy.testing import assert_allclose

from backends.contract.comparing import assert_agree
from backends.contract.models import frozen, images, model, reference, weights_for
from backends.contract.networks import NETWORKS, act, conv, network
from core.network.layers import Dense, Dropout, Flatten, Pool
from core.numerics import dropout
from core.random import generator


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
    rng = generator(8, "contract labels")
    return images(ROWS, SMALL_CNN.input_shape), frozen(rng.integers(0, 3, ROWS))


def ready(backend, optimizer, precision="float64", weight=None, subject=SMALL_CNN, **training):
    """A small CNN with the training set loaded."""
    weights = {name: frozen((w / 2).astype(precision)) for name, w in weights_for(subject).items()}
    result = model(backend, subject, weights, optimizer, precision, **training)
    x, y = training_set()
    result.load(frozen(x.astype(precision)), y, weight)
    return result


def ready_for(backend, name: str, optimizer=None, precision="float64", **training):
    subject = NETWORKS[name]
    weights = {key: frozen((w / 2).astype(precision)) for key, w in weights_for(subject).items()}
    it = model(backend, subject, weights, optimizer, precision, **training)
    x, y = training_set()
    it.load(frozen(x.astype(precision)), y)
    return it


def go_on(subject, first: int, last: int, rate: float, rates=None, its_network=SMALL_CNN):
    """Steps first+1 ... last: full batches in one call, the smaller last batch of an epoch in a separate call. The
    learning rate falls by a tenth per epoch, unless `rates` gives one per step."""
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


def some_steps(it, first: int, last: int, rate=0.01):
    """Steps on 7 rows, every third on 3 rows; each in a separate call."""
    losses = []
    for step in range(first, last):
        rows = generator(12, "contract rows", step).permutation(ROWS)[: 3 if step % 3 == 2 else 7]
        losses.extend(it.steps(rows[None], np.array([rate]), {}))
    return np.array(losses)


def fifty_steps_agree(backend, made, rates, its_network=SMALL_CNN):
    ours, theirs = made(reference()), made(backend)
    expected, result = (go_on(it, 0, 50, 0, rates, its_network) for it in (ours, theirs))
    assert_allclose(result, expected, rtol=1e-9)
    assert_agree(theirs.state().weights, ours.state().weights, within=1e-9)
