"""What is done to images before a network sees them: scaling, augmentation, corruption, class imbalance, label noise."""
