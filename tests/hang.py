"""How long a test waits for what will come: one limit, which only ends a hang."""

HANG = 600.0
"""Seconds. A busy machine is no reason to fail; nothing that works comes near this."""
