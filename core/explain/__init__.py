"""Looking into a trained network: what excites a unit, which pixels an answer hangs on. Any backend's model will do."""
