"""One image file -> an array of the size and colours asked for, and what had to be done to it."""

import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.arrays import Array


FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
MOST_PIXELS = 40_000_000
"""Of an image before it is made small: a photograph has 12 to 24 million."""


class LeftOutError(Exception):
    """An image that cannot be used; why, as a clause."""


def decoded(content: bytes, side: int, channels: int) -> tuple[Array, list[str]]:
    """-> (C, side, side) uint8, and clauses that say what was unusual. The largest square in the middle is kept and made
    `side` wide; channels: 1 grey, 3 red, green and blue. Raises LeftOutError."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise LeftOutError(f"of more than {MOST_PIXELS // 10**6} million pixels")
            remarks = _unusual(image)
            plain = _plain(ImageOps.exif_transpose(image)).convert("RGB" if channels == 3 else "L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LeftOutError(f"of more than {MOST_PIXELS // 10**6} million pixels") from None
    except UnidentifiedImageError:
        raise LeftOutError("of no image format that ConvScope reads") from None
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, MemoryError, OverflowError):
        raise LeftOutError("damaged or cut short") from None
    small = np.asarray(ImageOps.fit(plain, (side, side), Image.Resampling.BICUBIC))
    return np.moveaxis(np.atleast_3d(small), -1, 0), remarks


def _unusual(image: Image.Image) -> list[str]:
    result = {
        "animated: the first image was taken": getattr(image, "n_frames", 1) > 1,
        "transparent: laid on white": _transparent(image),
        "CMYK: turned into red, green and blue": image.mode == "CMYK",
        "of 16 bits a value: cut to 8": image.mode.startswith(("I", "F")),
    }
    return [remark for remark, is_so in result.items() if is_so]


def _transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _plain(image: Image.Image) -> Image.Image:
    """Without transparency, and of 8 bits a value."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        wide = image.mode.startswith("I;16") or values.max(initial=0) > 255
        return Image.fromarray(np.clip(values / (257 if wide else 1), 0, 255).astype(np.uint8))
    if not _transparent(image):
        return image
    over = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
