"""Speed measurements as ratios of medians: both sides take turns in the same run."""
