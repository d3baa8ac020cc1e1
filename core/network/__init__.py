"""What a network is made of, what becomes of a shape in it, and where its weights start."""
