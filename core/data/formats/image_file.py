"""One image file -> an array of the requested size and colours, and remarks on how it was converted."""

import io
from typing import Literal

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.arrays import Array


FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
MOST_PIXELS = 40_000_000
"""Of an image before it is scaled down: a photograph has 12 to 24 million."""


class LeftOutError(Exception):
    """An image that cannot be used; the message is a clause that says why."""


def decoded(content: bytes, side: int, channels: int) -> tuple[Array, list[str]]:
    """(C, side, side) uint8, and clauses about what was unusual. The largest square in the middle is scaled to `side`
    pixels; channels: 1 for grey, 3 for red, green and blue. Raises LeftOutError."""
    plain, remarks = opened(content, "RGB" if channels == 3 else "L")
    small = np.asarray(ImageOps.fit(plain, (side, side), Image.Resampling.BICUBIC))
    return np.moveaxis(np.atleast_3d(small), -1, 0), remarks


def opened(
    content: bytes, mode: Literal["L", "RGB"], behind: Literal["white", "contrast"] = "white"
) -> tuple[Image.Image, list[str]]:
    """The image, upright, without transparency, in grey or in colours, and clauses about what was unusual. A
    transparent one is put on white, or, for "contrast", on black if its ink is bright. Raises LeftOutError."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise LeftOutError(f"of more than {MOST_PIXELS // 10**6} million pixels")
            upright, remarks = ImageOps.exif_transpose(image), _unusual(image)
            if _transparent(image):
                ground = "black" if behind == "contrast" and _is_bright(upright) else "white"
                remarks = [remark.replace("a white", f"a {ground}") for remark in remarks]
                return _on(upright, ground).convert(mode), remarks
            return _eight_bits(upright).convert(mode), remarks
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise LeftOutError(f"of more than {MOST_PIXELS // 10**6} million pixels") from None
    except UnidentifiedImageError:
        raise LeftOutError("of no image format that ConvScope reads") from None
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, MemoryError, OverflowError):
        raise LeftOutError("damaged or cut short") from None


def _unusual(image: Image.Image) -> list[str]:
    remarks = {
        "animated: the first frame was used": getattr(image, "n_frames", 1) > 1,
        "transparent: put on a white background": _transparent(image),
        "CMYK: converted to red, green and blue": image.mode == "CMYK",
        "of 16 bits per value: reduced to 8": image.mode.startswith(("I", "F")),
    }
    return [remark for remark, applies in remarks.items() if applies]


def _transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _eight_bits(image: Image.Image) -> Image.Image:
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, dtype=np.float64)
    wide = image.mode.startswith("I;16") or values.max(initial=0) > 255
    return Image.fromarray(np.clip(values / (257 if wide else 1), 0, 255).astype(np.uint8))


def _on(image: Image.Image, ground: str) -> Image.Image:
    over = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", over.size, ground), over)


def _is_bright(image: Image.Image) -> bool:
    """Whether what is not transparent is bright, on average."""
    grey, alpha = (np.asarray(band, float) for band in image.convert("LA").split())
    return bool((grey * alpha).sum() > 127.5 * max(1.0, alpha.sum()))
