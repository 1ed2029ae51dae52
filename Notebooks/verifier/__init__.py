"""A second verifier of draws, written from the protocol's text with Python's standard library alone.

It shares no code with `mingcha`: what both agree on follows from docs/draw-protocol.md and its annexes.
"""
