"""Documents in, a built index out."""
