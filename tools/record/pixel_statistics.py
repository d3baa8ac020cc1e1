"""Statistics of every pixel of MNIST: mean and standard deviation over the first images, maximum over the next ones."""

from tools.record.training import mnist


TRAINING, OTHERS = 4000, 1000


def pixels() -> dict:
    """The fields of PixelStatistics."""
    images = mnist().images[: TRAINING + OTHERS, 0]
    training, others = images[:TRAINING].astype(float), images[TRAINING:]
    return {
        "data": "MNIST",
        "training": TRAINING,
        "others": OTHERS,
        "mean": training.mean(axis=0).round(4).tolist(),
        "std": training.std(axis=0).round(4).tolist(),
        "largest": others.max(axis=0).tolist(),
        "global_mean": round(training.mean(), 4),
        "global_std": round(training.std(), 4),
    }
