"""A training recipe in words and LaTeX formulas, with its current numbers: losses, optimisers, schedules, penalties."""

from core.recipe.losses import (
    AnyLoss,
    BinaryCrossEntropy,
    CrossEntropy,
    Focal,
    LogitAdjusted,
    NegativeLogLikelihood,
    SquaredError,
)
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp
from core.recipe.penalties import Penalties
from core.recipe.schedules import (
    AnySchedule,
    ConstantSchedule,
    CosineSchedule,
    ExponentialSchedule,
    InverseTimeSchedule,
    ReduceOnPlateau,
    RisingSchedule,
    StepSchedule,
)


SENTENCES = {
    "sgd": "Each step goes straight down the gradient g.",
    "momentum": "A velocity accumulates past gradients: steps average out ripples and speed up along valleys.",
    "nesterov": "Momentum that evaluates the step where its velocity will carry it.",
    "adagrad": "Each weight has its own learning rate, which shrinks as its squared gradients add up.",
    "adadelta": "Each step is scaled by the size of the steps before it, so the learning rate is only a factor. With "
    "0.001, the default in Keras, it hardly moves.",
    "rmsprop": "Adagrad that forgets: each gradient is divided by its recent size.",
    "adam": "Momentum and RMSProp together, both corrected for having started at zero.",
    "adamw": "Adam, and all weights also shrink a little in each step, whatever the gradient; biases do not.",
    "constant": "The same learning rate from the first step to the last.",
    "step": "The learning rate falls in steps.",
    "exponential": "The learning rate falls a little in each step, always by the same factor.",
    "inverse": "The learning rate falls as one over the time: quickly at first, then more and more slowly.",
    "cosine": "The learning rate follows half a cosine wave down to the last step.",
    "plateau": "The learning rate falls when the validation loss stops falling; when that happens depends on the run.",
    "rising": "The learning rate rises by the same factor in each step, as in the learning rate finder.",
    "cross_entropy": "How surprised the network is by the true class: 0 if it gave it probability 1.",
    "focal": "Cross-entropy in which images that are already classified well count less, so the hard ones lead.",
    "logit_adjusted": "Training gives frequent classes a head start; evaluation does not, which favours rare classes.",
    "binary_cross_entropy": "A separate yes or no for each class, as if each had its own network. For two classes, one "
    "output is enough: yes means the second.",
    "squared_error": "The squared distance of the outputs from their targets. The network may end in tanh, as in 1989.",
    "negative_log_likelihood": "Cross-entropy for a network that ends in softmax: its outputs are the probabilities.",
}


def loss(it: AnyLoss, outputs: int | None = None) -> str:
    """LaTeX of the loss of one image with K classes, outputs z and true class y. With a single output, the network says
    yes or no to the second of two classes."""
    softmax = r"p &= \text{softmax}(z)"
    match it:
        case CrossEntropy(label_smoothing=0):
            return _lines(softmax, r"L &= -\log p_y")
        case CrossEntropy(label_smoothing=s):
            rest = rf"\frac{{{number(s)}}}{{K}} \sum_k \log p_k"
            return _lines(softmax, rf"L &= -{number(1 - s)}\,\log p_y - {rest}")
        case Focal(gamma=gamma):
            return _lines(softmax, rf"L &= -(1 - p_y)^{{{number(gamma)}}}\,\log p_y")
        case LogitAdjusted(tau=tau):
            return _lines(rf"p &= \text{{softmax}}(z + {number(tau)}\,\log \pi)", r"L &= -\log p_y")
        case BinaryCrossEntropy() if outputs == 1:
            yes, no = r"-\log \sigma(z) & \text{second class}", r"-\log(1 - \sigma(z)) & \text{first class}"
            return _lines(rf"L &= \begin{{cases}} {yes} \\ {no} \end{{cases}}")
        case BinaryCrossEntropy():
            each = r"\log \sigma(z_y) + \sum_{k \ne y} \log(1 - \sigma(z_k))"
            return _lines(rf"L &= -\frac{{1}}{{K}}\Big({each}\Big)")
        case SquaredError(targets=targets, classes=classes):
            share = r"\frac{1}{K}" if classes == "mean" else r"\frac{1}{2}"
            others = "-1" if targets == "signed" else "0"
            return _lines(rf"L &= {share} \sum_k (z_k - t_k)^2", rf"t_y &= 1, \quad t_{{k \ne y}} = {others}")
        case NegativeLogLikelihood():
            return _lines(r"L &= -\log z_y")
    raise TypeError(f"no formula for {type(it).__name__}")


def loss_sentence(it: AnyLoss) -> str:
    letters = " π contains the classes' shares of the training labels." if isinstance(it, LogitAdjusted) else ""
    summed = " The losses of a batch are summed: a larger batch makes larger steps." if it.reduction == "sum" else ""
    return SENTENCES[it.kind] + letters + summed


def optimizer(it: Optimizer) -> str:
    """LaTeX of one step with a weight w, its gradient g and the optimiser's state."""
    rate = number(it.learning_rate)
    match it:
        case SGD():
            return _lines(rf"w &\leftarrow w - {rate}\,g")
        case Momentum(momentum=mu):
            return _lines(rf"v &\leftarrow {number(mu)}\,v - {rate}\,g", r"w &\leftarrow w + v")
        case Nesterov(momentum=mu):
            velocity = rf"{number(mu)}\,v - {rate}\,g"
            return _lines(rf"v &\leftarrow {velocity}", rf"w &\leftarrow w + {velocity}")
        case Adagrad(epsilon=epsilon):
            return _lines(r"s &\leftarrow s + g^2", _divided(rate, "g", "s", epsilon))
        case Adadelta(rho=rho, epsilon=epsilon):
            ratio = rf"\frac{{\sqrt{{u + {number(epsilon)}}}}}{{\sqrt{{s + {number(epsilon)}}}}}"
            return _lines(
                _running_mean("s", rho, "g^2"),
                rf"d &= {ratio}\,g",
                _running_mean("u", rho, "d^2"),
                rf"w &\leftarrow w - {rate}\,d",
            )
        case RMSProp(rho=rho, epsilon=epsilon):
            return _lines(_running_mean("s", rho, "g^2"), _divided(rate, "g", "s", epsilon))
        case Adam() | AdamW():
            shrink = [rf"w &\leftarrow w - {rate}\cdot {number(it.weight_decay)}\,w"] if isinstance(it, AdamW) else []
            corrected = [
                rf"\hat {name} &= \frac{{{name}}}{{1 - {number(beta)}^t}}"
                for name, beta in (("m", it.beta1), ("v", it.beta2))
            ]
            return _lines(
                *shrink,
                _running_mean("m", it.beta1, "g"),
                _running_mean("v", it.beta2, "g^2"),
                *corrected,
                _divided(rate, r"\hat m", r"\hat v", it.epsilon),
            )
    raise TypeError(f"no formula for {type(it).__name__}")


def schedule(it: AnySchedule, rate: float, warmup_steps: int = 0) -> str:
    """LaTeX of the learning rate, t steps after the warm-up."""
    base = number(rate)
    match it:
        case ConstantSchedule():
            after = base
        case StepSchedule(every=every, factor=factor):
            after = rf"{base}\cdot {number(factor)}^{{\lfloor t / {every}\rfloor}}"
        case ExponentialSchedule(every=every, factor=factor):
            after = rf"{base}\cdot {number(factor)}^{{\,t / {every}}}"
        case InverseTimeSchedule(half_after=half):
            after = rf"\frac{{{base}}}{{1 + t / {half}}}"
        case CosineSchedule(lowest=lowest):
            wave = r"\frac{1 + \cos(\pi\, t / T)}{2}"
            after = rf"{base}\cdot {wave}"
            if lowest:  # on two lines: one would be wider than its column
                after = rf"{base}\cdot ({number(lowest)} + {number(1 - lowest)}\,c) \\[4pt] c &= {wave}"
        case ReduceOnPlateau(factor=factor, lowest=lowest):
            after = rf"{base}\cdot \max({number(factor)}^{{\,n}}, {number(lowest)})"
        case RisingSchedule(times=times):
            after = rf"{base}\cdot ({number(times)})^{{\,t / (T - 1)}}"
        case _:
            raise TypeError(f"no formula for {type(it).__name__}")
    rising = [rf"\eta &= {base}\cdot \text{{step}} / {warmup_steps}"] if warmup_steps else []
    return _lines(*rising, rf"\eta &= {after}")


def schedule_sentence(it: AnySchedule, warmup_steps: int = 0) -> str:
    """What the learning rate does, and what t and T mean."""
    warmup = f" The first {warmup_steps} steps rise to it linearly." if warmup_steps else ""
    match it:
        case ReduceOnPlateau(patience=patience):
            epochs = "epoch" if patience == 1 else f"{patience} epochs"
            return SENTENCES[it.kind] + f" n counts how often {epochs} in a row brought no new low." + warmup
        case ConstantSchedule():
            return SENTENCES[it.kind] + warmup
        case CosineSchedule() | RisingSchedule():
            total = "; T is their total number"
        case _:
            total = ""
    after = " after the warm-up" if warmup_steps else ""
    return SENTENCES[it.kind] + warmup + f" t counts the steps{after}{total}."


def penalties(it: Penalties, loss: str = "cross-entropy") -> str:
    """LaTeX of what is minimised; m is the number of batches."""
    terms, per = [], r" m" if it.over_batches else ""
    for group in ("conv", "dense", "output"):
        penalty, of_group = getattr(it, group), rf"_{{\text{{{group}}}}}"
        if penalty.l2:
            terms.append(rf"\frac{{{number(penalty.l2)}}}{{2{per}}} \sum w{of_group}^2")
        if penalty.l1:
            share = rf"\frac{{{number(penalty.l1)}}}{{m}}" if per else number(penalty.l1)
            terms.append(rf"{share} \sum |w{of_group}|")
    return _lines(rf"L &= \text{{{loss}}}", *(rf"&+ {term}" for term in terms))


def number(value: float) -> str:
    """LaTeX of a number: 0.1 unchanged, 1e-8 as a power of ten."""
    digits, e, power = f"{value:.6g}".partition("e")
    if not e:
        return digits
    return f"10^{{{int(power)}}}" if digits == "1" else rf"{digits}\cdot 10^{{{int(power)}}}"


def _running_mean(name: str, share: float, what: str) -> str:
    return rf"{name} &\leftarrow {number(share)}\,{name} + {number(1 - share)}\,{what}"


def _divided(rate: str, what: str, by: str, epsilon: float) -> str:
    return rf"w &\leftarrow w - {rate}\,\frac{{{what}}}{{\sqrt{{{by}}} + {number(epsilon)}}}"


def _lines(*lines: str) -> str:
    return r"\begin{aligned} " + r" \\[4pt] ".join(lines) + r" \end{aligned}"
