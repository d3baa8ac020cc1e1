"""The contract: what every backend must do, as a pytest suite that authors of other backends can run.

    python -m pytest --pyargs backends.contract -k NAME

tests the installed backend NAME; without `-k`, every backend in the registry. It needs pytest and hypothesis.

The NumPy reference must reproduce numbers worked out by hand (golden.py) and agree with finite differences. Every other
backend must reproduce the same numbers and agree with the reference layer by layer and step by step, in float64 to
about nine digits. ConvScope's own tests plant more than thirty faults, such as a flipped kernel or a state that is not
a copy, and check that the suite fails on each.
"""
