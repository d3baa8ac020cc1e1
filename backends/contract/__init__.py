"""The contract: what every backend must do. A suite for pytest, shipped so that the author of a backend can run it.

    python -m pytest --pyargs backends.contract -k NAME

runs it over the installed backend NAME; without `-k`, over all that the registry finds. It needs pytest and hypothesis.

The NumPy reference must give numbers worked out by hand (golden.py) and agree with finite differences; every other
backend must give the same numbers and agree with the reference, layer by layer and step by step, in float64 to about nine digits. Our own
tests plant more than thirty faults, such as a flipped kernel or a state that is not a copy, and see the suite fail on each.
"""
