"""The optimisers as data: update rule and hyperparameters."""

from typing import Annotated, Literal

from pydantic import Field, PositiveFloat

from core.spec import Spec


LearningRate = Annotated[float, Field(gt=0, le=1e30)]
"""A larger one would overflow in float32."""


class SGD(Spec):
    """w <- w - learning_rate * g"""

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.1


class Momentum(Spec):
    """v <- momentum * v - learning_rate * g;  w <- w + v. The learning rate is part of the velocity, even when it
    changes."""

    kind: Literal["momentum"] = "momentum"
    learning_rate: LearningRate = 0.1
    momentum: float = Field(default=0.9, ge=0, lt=1)


class Nesterov(Spec):
    """v <- momentum * v - learning_rate * g;  w <- w + momentum * v - learning_rate * g: momentum that looks ahead."""

    kind: Literal["nesterov"] = "nesterov"
    learning_rate: LearningRate = 0.1
    momentum: float = Field(default=0.9, ge=0, lt=1)


class Adagrad(Spec):
    """Duchi, Hazan and Singer 2011: the learning rate is divided by the root of the sum of all squared gradients so
    far, which starts at zero; epsilon is added to the root."""

    kind: Literal["adagrad"] = "adagrad"
    learning_rate: LearningRate = 0.01
    epsilon: PositiveFloat = 1e-8


class Adadelta(Spec):
    """Zeiler 2012, algorithm 1, times a learning rate (1 in the paper); epsilon is inside both roots."""

    kind: Literal["adadelta"] = "adadelta"
    learning_rate: LearningRate = 1.0
    rho: float = Field(default=0.9, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-6


class RMSProp(Spec):
    """Hinton's lecture 6e (2012): Adagrad with a running mean of the squared gradients; epsilon is added to the
    root."""

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 0.001
    rho: float = Field(default=0.9, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-8


class Adam(Spec):
    """Kingma and Ba 2015, algorithm 1: epsilon is added to the root of the corrected second moment."""

    kind: Literal["adam"] = "adam"
    learning_rate: LearningRate = 0.001
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-8


class AdamW(Spec):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019): each step first shrinks the weights by the factor
    1 - learning_rate * weight_decay; biases do not shrink."""

    kind: Literal["adamw"] = "adamw"
    learning_rate: LearningRate = 0.001
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.999, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-8
    weight_decay: float = Field(default=0.01, ge=0)


Optimizer = Annotated[
    SGD | Momentum | Nesterov | Adagrad | Adadelta | RMSProp | Adam | AdamW, Field(discriminator="kind")
]
