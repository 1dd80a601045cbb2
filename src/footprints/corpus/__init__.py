"""Files in, Documents out."""
