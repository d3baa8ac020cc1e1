"""Other data sets under MNIST's file names: which one it is, by its checksums."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from core.arrays import Array


@dataclass(frozen=True)
class Stranger:
    name: str
    class_names: tuple[str, ...]
    checksums: tuple[str, ...]
    """MD5 of its published .gz files: training images and labels, test images and labels."""


STRANGERS = (
    Stranger(
        "Fashion-MNIST",
        (
            *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
            *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ),
        (
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
            "bb300cfdad3c16e7a12a480ee83cd310",
        ),
    ),
    Stranger(
        "Kuzushiji-MNIST",
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        (
            "bdb82020997e1d708af4cf47b453dcf7",
            "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7",
            "7320c461ea6c1c855c0b718fb2a4b134",
        ),
    ),
)
MNIST = "6510e85a72c3e9475c492d559d3770d2", "240610fa99e73bfa49df8e7fc24d3206"
"""MD5 of the pixels of MNIST's training and test images, without the header of the files."""


def known_stranger(paths: list[Path]) -> Stranger | None:
    """`paths` as of MNIST; files that were unpacked have other checksums."""
    found = [_md5(path.read_bytes()) for path in paths if path.is_file()]
    return next((it for it in STRANGERS if set(found) & set(it.checksums)), None)


def is_mnist(train_images: Array, test_images: Array) -> bool:
    """(N, 28, 28) uint8 each."""
    return (_md5(train_images.tobytes()), _md5(test_images.tobytes())) == MNIST


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
