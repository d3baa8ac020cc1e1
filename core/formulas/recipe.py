"""A training recipe in words and formulas, with the numbers that stand in it: LaTeX, for losses, optimizers, schedules,
penalties."""

from core.recipe.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Focal,
    LogitAdjusted,
    NegativeLogLikelihood,
    SquaredError,
)
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from core.recipe.penalties import Penalties
from core.recipe.schedules import (
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
    "momentum": "A velocity gathers the steps so far: it runs through ripples and along valleys.",
    "nesterov": "Momentum that already steps where its velocity will carry it.",
    "adagrad": "Each weight has its own rate, smaller the more its gradients have added up to.",
    "adadelta": "Each step is scaled by the steps before it, so the rate is a mere factor. Mind it: with 0.001, the "
    "default of Keras, it hardly moves.",
    "rmsprop": "Adagrad that forgets: each weight is divided by the recent size of its gradient.",
    "adam": "Momentum and RMSProp together, both corrected for having started at zero.",
    "adamw": "Adam, and apart from the gradient all weights shrink a little in each step; biases do not.",
    "constant": "The same rate from the first step to the last.",
    "step": "The rate falls in stairs.",
    "exponential": "The rate falls a little in each step, always by the same share.",
    "inverse": "The rate falls as one over the time: quickly at first, then ever more slowly.",
    "cosine": "The rate glides along half a cosine wave until the last step.",
    "plateau": "The rate falls when the validation loss has stopped falling. When that is depends on the run.",
    "rising": "The rate rises by the same factor in each step: the rate finder's.",
    "cross_entropy": "How surprised the network is by the truth: nothing when it gave it probability 1.",
    "focal": "Cross-entropy that cares less for what is known already, so the hard images lead.",
    "logit_adjusted": "While training, frequent classes get a head start; without it afterwards, rare ones come off better.",
    "binary_cross_entropy": "A yes or no for each class by itself, as if each had a network of its own. Of two classes, one "
    "output is enough: yes means the second.",
    "squared_error": "How far the outputs are from their targets, squared. The network may end in tanh, as that of 1989.",
    "negative_log_likelihood": "Cross-entropy for a network that ends in a softmax layer: its outputs are the probabilities.",
}


def loss(it, outputs: int | None = None) -> str:
    """Of one image with K classes, outputs z and the true class y. A network with one of the `outputs` alone says yes
    or no to the second of two classes."""
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


def loss_sentence(it) -> str:
    letters = " pi are the classes' shares of the training labels." if isinstance(it, LogitAdjusted) else ""
    summed = " Over a batch they are summed: a larger batch makes larger steps." if it.reduction == "sum" else ""
    return SENTENCES[it.kind] + letters + summed


def optimizer(it) -> str:
    """What one step does with a weight w, its gradient g and what is remembered of it."""
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
                _fading("s", rho, "g^2"), rf"d &= {ratio}\,g", _fading("u", rho, "d^2"), rf"w &\leftarrow w - {rate}\,d"
            )
        case RMSProp(rho=rho, epsilon=epsilon):
            return _lines(_fading("s", rho, "g^2"), _divided(rate, "g", "s", epsilon))
        case Adam() | AdamW():
            shrink = [rf"w &\leftarrow w - {rate}\cdot {number(it.weight_decay)}\,w"] if isinstance(it, AdamW) else []
            corrected = [
                rf"\hat {name} &= \frac{{{name}}}{{1 - {number(beta)}^t}}"
                for name, beta in (("m", it.beta1), ("v", it.beta2))
            ]
            return _lines(
                *shrink,
                _fading("m", it.beta1, "g"),
                _fading("v", it.beta2, "g^2"),
                *corrected,
                _divided(rate, r"\hat m", r"\hat v", it.epsilon),
            )
    raise TypeError(f"no formula for {type(it).__name__}")


def schedule(it, rate: float, warmup_steps: int = 0) -> str:
    """The rate, t steps after the warm-up."""
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
            if lowest:  # in two lines: one would be wider than its column
                after = rf"{base}\cdot ({number(lowest)} + {number(1 - lowest)}\,c) \\[4pt] c &= {wave}"
        case ReduceOnPlateau(factor=factor, lowest=lowest):
            after = rf"{base}\cdot \max({number(factor)}^{{\,n}}, {number(lowest)})"
        case RisingSchedule(times=times):
            after = rf"{base}\cdot ({number(times)})^{{\,t / (T - 1)}}"
        case _:
            raise TypeError(f"no formula for {type(it).__name__}")
    rising = [rf"\eta &= {base}\cdot \text{{step}} / {warmup_steps}"] if warmup_steps else []
    return _lines(*rising, rf"\eta &= {after}")


def schedule_sentence(it, warmup_steps: int = 0) -> str:
    """What the rate does, and what t and T are."""
    begin = f" The first {warmup_steps} steps rise to it." if warmup_steps else ""
    match it:
        case ReduceOnPlateau(patience=patience):
            epochs = "epoch" if patience == 1 else f"{patience} epochs"
            return SENTENCES[it.kind] + f" n counts how often {epochs} in a row brought no new low." + begin
        case ConstantSchedule():
            return SENTENCES[it.kind] + begin
        case CosineSchedule() | RisingSchedule():
            of_all = "T all of them but those" if warmup_steps else "T all of them"
        case _:
            of_all = ""
    letters = f" {'Then ' if warmup_steps else ''}t counts the steps made" + (f", {of_all}." if of_all else ".")
    return SENTENCES[it.kind] + begin + letters


def penalties(it: Penalties, loss: str = "cross-entropy") -> str:
    """What is minimised; m is the number of batches."""
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
    """0.1 as it is, 1e-8 as a power of ten."""
    digits, e, power = f"{value:.6g}".partition("e")
    if not e:
        return digits
    return f"10^{{{int(power)}}}" if digits == "1" else rf"{digits}\cdot 10^{{{int(power)}}}"


def _fading(name: str, share: float, what: str) -> str:
    return rf"{name} &\leftarrow {number(share)}\,{name} + {number(1 - share)}\,{what}"


def _divided(rate: str, what: str, by: str, epsilon: float) -> str:
    return rf"w &\leftarrow w - {rate}\,\frac{{{what}}}{{\sqrt{{{by}}} + {number(epsilon)}}}"


def _lines(*lines: str) -> str:
    return r"\begin{aligned} " + r" \\[4pt] ".join(lines) + r" \end{aligned}"
