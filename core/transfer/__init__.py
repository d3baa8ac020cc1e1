"""Transfer: what a network has learned, used as features for other images or classes. Nothing here trains the network
itself any further."""
