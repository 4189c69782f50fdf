"""The command line: each command parses, calls one service and renders the answer."""
