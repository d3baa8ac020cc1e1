"""Array types of the whole house."""

import numpy as np


Array = np.ndarray
