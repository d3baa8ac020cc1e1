"""core's optimizers in PyTorch: they update weights and slots in place, one step per call."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.optim.adam import adam as adam_step

from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp


Tensors = list[Tensor]


@torch.no_grad()
def update(
    optimizer: Optimizer,
    weights: Tensors,
    gradients: Tensors,
    slots: dict[str, Tensors],
    learning_rate: float,
    step: int,
    decaying: Sequence[Tensor] = (),
) -> None:
    """Make step number `step` (the first is 1). Gradients and slots are in the order of the weights, and all are
    contiguous: the fused kernels ignore strides. `decaying` are the weights to which AdamW applies weight decay."""
    match optimizer:
        case SGD():
            torch._foreach_add_(weights, gradients, alpha=-learning_rate)
        case Momentum(momentum=momentum):
            _momentum(momentum, weights, gradients, slots["velocity"], learning_rate)
        case Nesterov(momentum=momentum):
            _nesterov(momentum, weights, gradients, slots["velocity"], learning_rate)
        case Adagrad(epsilon=epsilon):
            _adagrad(epsilon, weights, gradients, slots["squares"], learning_rate)
        case Adadelta(rho=rho, epsilon=epsilon):
            _adadelta(rho, epsilon, weights, gradients, slots["mean_square"], slots["mean_square_step"], learning_rate)
        case RMSProp(rho=rho, epsilon=epsilon):
            _rmsprop(rho, epsilon, weights, gradients, slots["mean_square"], learning_rate)
        case Adam():
            _adam(optimizer, weights, gradients, slots["first_moment"], slots["second_moment"], learning_rate, step)
        case AdamW(weight_decay=decay):
            torch._foreach_mul_(list(decaying), 1 - learning_rate * decay)
            _adam(optimizer, weights, gradients, slots["first_moment"], slots["second_moment"], learning_rate, step)


def _momentum(momentum: float, weights: Tensors, gradients: Tensors, velocities: Tensors, learning_rate: float) -> None:
    """v <- momentum v - rate g; w <- w + v. torch.optim.SGD applies the learning rate after the sum, which differs as
    soon as the learning rate changes."""
    torch._foreach_mul_(velocities, momentum)
    torch._foreach_add_(velocities, gradients, alpha=-learning_rate)
    torch._foreach_add_(weights, velocities)


def _nesterov(momentum: float, weights: Tensors, gradients: Tensors, velocities: Tensors, learning_rate: float) -> None:
    """v <- momentum v - rate g; w <- w + momentum v - rate g."""
    torch._foreach_mul_(velocities, momentum)
    torch._foreach_add_(velocities, gradients, alpha=-learning_rate)
    torch._foreach_add_(weights, velocities, alpha=momentum)
    torch._foreach_add_(weights, gradients, alpha=-learning_rate)


def _adagrad(epsilon: float, weights: Tensors, gradients: Tensors, squares: Tensors, learning_rate: float) -> None:
    """s <- s + g^2; w <- w - rate g / (sqrt(s) + epsilon)."""
    torch._foreach_addcmul_(squares, gradients, gradients)
    _divide_by_roots(weights, gradients, squares, learning_rate, epsilon)


def _rmsprop(
    rho: float, epsilon: float, weights: Tensors, gradients: Tensors, mean_squares: Tensors, learning_rate: float
) -> None:
    """s <- rho s + (1 - rho) g^2; w <- w - rate g / (sqrt(s) + epsilon)."""
    torch._foreach_mul_(mean_squares, rho)
    torch._foreach_addcmul_(mean_squares, gradients, gradients, value=1 - rho)
    _divide_by_roots(weights, gradients, mean_squares, learning_rate, epsilon)


def _divide_by_roots(
    weights: Tensors, gradients: Tensors, squares: Tensors, learning_rate: float, epsilon: float
) -> None:
    roots = torch._foreach_sqrt(squares)
    torch._foreach_add_(roots, epsilon)
    torch._foreach_addcdiv_(weights, gradients, roots, value=-learning_rate)


def _adadelta(
    rho: float,
    epsilon: float,
    weights: Tensors,
    gradients: Tensors,
    squares: Tensors,
    steps: Tensors,
    learning_rate: float,
) -> None:
    """s <- rho s + (1 - rho) g^2; d = g sqrt(u + epsilon) / sqrt(s + epsilon); u <- rho u + (1 - rho) d^2;
    w <- w - rate d."""
    torch._foreach_mul_(squares, rho)
    torch._foreach_addcmul_(squares, gradients, gradients, value=1 - rho)
    change = torch._foreach_sqrt(torch._foreach_add(steps, epsilon))
    torch._foreach_div_(change, torch._foreach_sqrt(torch._foreach_add(squares, epsilon)))
    torch._foreach_mul_(change, gradients)
    torch._foreach_mul_(steps, rho)
    torch._foreach_addcmul_(steps, change, change, value=1 - rho)
    torch._foreach_add_(weights, change, alpha=-learning_rate)


def _adam(
    adam: Adam | AdamW,
    weights: Tensors,
    gradients: Tensors,
    first: Tensors,
    second: Tensors,
    learning_rate: float,
    step: int,
) -> None:
    """Calls the kernel of torch.optim.Adam, whose epsilon is placed as in core, with our slots and step count."""
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
        lr=learning_rate,
        weight_decay=0.0,
        eps=adam.epsilon,
        maximize=False,
    )
