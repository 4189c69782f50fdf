"""Use cases: what a command does, returned as values; nothing here prints."""
