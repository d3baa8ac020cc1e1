"""Screening a whole population with a test of known quality: how many of the positives are really ill?"""

from core.metrics.threshold import Outcome


def screened(people: float, prevalence: float, sensitivity: float, specificity: float) -> Outcome:
    """The expected counts, which need not be whole numbers. Prevalence, sensitivity and specificity are shares in [0,
    1]. The precision of the outcome is the probability of being ill given a positive test, as by Bayes' rule."""
    for name, share in (("prevalence", prevalence), ("sensitivity", sensitivity), ("specificity", specificity)):
        if not 0 <= share <= 1:
            raise ValueError(f"the {name} is a share from 0 to 1, not {share:g}")
    ill, healthy = people * prevalence, people * (1 - prevalence)
    detected, cleared = ill * sensitivity, healthy * specificity
    return Outcome(tp=detected, fn=ill - detected, fp=healthy - cleared, tn=cleared)
