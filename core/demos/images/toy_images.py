"""Tiny drawn colour images, small enough that you can read every number in them."""

import numpy as np

from core.arrays import Array


BLACK, WHITE = (0, 0, 0), (255, 255, 255)
RED, GREEN, BLUE = (255, 0, 0), (40, 160, 60), (90, 160, 255)
YELLOW = (255, 220, 0)


def house() -> Array:
    """(3, 12, 16) uint8: a red roof and a white wall with a black door, under a yellow sun, on green grass."""
    image = np.empty((12, 16, 3), np.uint8)
    image[:] = BLUE
    image[10:] = GREEN
    image[1:3, 13:15] = YELLOW
    for row in range(3):
        image[2 + row, 6 - row : 8 + row] = RED
    image[5:10, 4:10] = WHITE
    image[7:10, 6:8] = BLACK
    return np.ascontiguousarray(image.transpose(2, 0, 1))


def flags() -> Array:
    """(3, 8, 8) uint8: four patches, red, green, blue and white."""
    image = np.zeros((3, 8, 8), np.uint8)
    image[0, :4, :4] = image[1, :4, 4:] = image[2, 4:, :4] = 255
    image[:, 4:, 4:] = 255
    return image


TOYS = {"house": house, "patches": flags}
