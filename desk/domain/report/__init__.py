"""Reports: metrics that are defined once, counted over plain rows, one a ticket."""
