"""Preparing images for a network: scaling, augmentation, corruption, class imbalance, label noise."""
