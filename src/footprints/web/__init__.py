"""The door for browsers and programs over HTTP."""
