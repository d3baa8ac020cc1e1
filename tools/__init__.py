"""What makes the files that ConvScope is shipped with."""
