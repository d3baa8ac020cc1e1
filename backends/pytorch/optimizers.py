"""core's optimizers in PyTorch: how weights and slots change in one step, in place."""

import torch
from torch import Tensor
from torch.optim.adam import adam as adam_step

from core.experiment import SGD, Adam, Momentum


Tensors = list[Tensor]


@torch.no_grad()
def update(optimizer, weights: Tensors, gradients: Tensors, slots: dict[str, Tensors], rate: float, step: int) -> None:
    """Make step number `step` (the first is 1). Gradients and slots stand in the order of the weights, and all are
    contiguous: the fused kernels read memory, not strides."""
    match optimizer:
        case SGD():
            torch._foreach_add_(weights, gradients, alpha=-rate)
        case Momentum(momentum=momentum):
            _momentum(momentum, weights, gradients, slots["velocity"], rate)
        case Adam():
            _adam(optimizer, weights, gradients, slots["first_moment"], slots["second_moment"], rate, step)


def _momentum(momentum, weights, gradients, velocities, rate) -> None:
    """v <- momentum v - rate g; w <- w + v. torch.optim.SGD multiplies by the rate afterwards: another path as soon as
    the rate changes."""
    torch._foreach_mul_(velocities, momentum)
    torch._foreach_add_(velocities, gradients, alpha=-rate)
    torch._foreach_add_(weights, velocities)


def _adam(adam: Adam, weights, gradients, first, second, rate, step) -> None:
    """torch.optim.Adam's own kernel (its epsilon stands where ours does), with slots and step count in our hands."""
    before = [torch.tensor(step - 1.0, device=weight.device) for weight in weights]
    adam_step(
        weights,
        gradients,
        first,
        second,
        max_exp_avg_sqs=[],
        state_steps=before,
        fused=True,
        amsgrad=False,
        beta1=adam.beta1,
        beta2=adam.beta2,
        lr=rate,
        weight_decay=0.0,
        eps=adam.epsilon,
        maximize=False,
    )
