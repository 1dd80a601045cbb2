"""The pages for managing documents, behind a token."""
