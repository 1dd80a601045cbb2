"""Judges of question and sentence together, all optional: they move sentences, and write none."""
