"""Images as read-only arrays: data sets and their catalogue, splits, preparation."""
