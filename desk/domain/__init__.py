"""The rules of a help desk: pure functions of values, nothing of disks, screens or Git."""
