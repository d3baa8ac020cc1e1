"""Tiny colour pictures drawn by rule: small enough that every number of them can be read."""

import numpy as np


BLACK, WHITE = (0, 0, 0), (255, 255, 255)
RED, GREEN, BLUE = (255, 0, 0), (40, 160, 60), (90, 160, 255)
YELLOW = (255, 220, 0)


def house() -> np.ndarray:
    """(3, 12, 16) uint8: a red roof and a white wall with a black door, under a yellow sun, on green grass."""
    picture = np.empty((12, 16, 3), np.uint8)
    picture[:] = BLUE
    picture[10:] = GREEN
    picture[1:3, 13:15] = YELLOW
    for row in range(3):
        picture[2 + row, 6 - row : 8 + row] = RED
    picture[5:10, 4:10] = WHITE
    picture[7:10, 6:8] = BLACK
    return np.ascontiguousarray(picture.transpose(2, 0, 1))


def flags() -> np.ndarray:
    """(3, 8, 8) uint8: four patches, red, green, blue and white."""
    picture = np.zeros((3, 8, 8), np.uint8)
    picture[0, :4, :4] = picture[1, :4, 4:] = picture[2, 4:, :4] = 255
    picture[:, 4:, 4:] = 255
    return picture


TOYS = {"house": house, "patches": flags}
