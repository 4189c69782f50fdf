"""Tests, arranged as the source is."""
