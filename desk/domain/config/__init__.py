"""Checking config.yaml: from nodes that know their places to `Settings`, or every problem at once.

One module for each part of the file. None of them opens anything: what lies outside, the holidays
of countries, is asked through a function that the caller hands in.
"""
