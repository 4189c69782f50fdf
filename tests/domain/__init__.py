"""Tests of the rules: no disk, no Git, no clock but the one that they set."""
