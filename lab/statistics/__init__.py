"""What trials can bear: intervals, ratios, ranks, flags. Pure and seeded, on numpy and scipy.

The unit is the trial, never the request. `python -m lab.statistics.coverage` shows by simulation
how often an interval holds the truth.
"""
