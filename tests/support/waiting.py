"""Waiting for another process."""

import threading
import time


PATIENCE = 60.0


def until(condition, what="it"):
    """Wait for `condition()` to be true and return its value."""
    end, tick = time.monotonic() + PATIENCE, threading.Event()
    while not (value := condition()):
        assert time.monotonic() < end, f"waited {PATIENCE:.0f} s for {what} in vain"
        tick.wait(0.01)
    return value
