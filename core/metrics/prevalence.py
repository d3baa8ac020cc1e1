"""A test of known quality put to a whole population: how many of those it names are really ill."""

from core.metrics.threshold import Outcome


def screened(people: float, prevalence: float, sensitivity: float, specificity: float) -> Outcome:
    """The counts to be expected; they need not be whole. The last three are shares in [0, 1]; precision is then what
    Bayes' rule gives for "ill, if the test says so"."""
    for name, share in (("prevalence", prevalence), ("sensitivity", sensitivity), ("specificity", specificity)):
        if not 0 <= share <= 1:
            raise ValueError(f"the {name} is a share from 0 to 1, not {share:g}")
    ill, healthy = people * prevalence, people * (1 - prevalence)
    result, cleared = ill * sensitivity, healthy * specificity
    return Outcome(tp=result, fn=ill - result, fp=healthy - cleared, tn=cleared)
