"""Simulated runs whose answer is known.

They make the tables of docs/measuring.md, and tests hold the statistics to them.
"""
