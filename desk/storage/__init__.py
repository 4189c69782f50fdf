"""The only code that touches disk and Git."""
