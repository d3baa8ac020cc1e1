"""The processors of this machine."""

import os


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""The number of CPU cores that this process may use."""
