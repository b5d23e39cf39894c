"""What the figures can bear: intervals, ratios, claims, ranks and flags, on numpy and scipy.

The unit is the trial (one fresh container), never the request. scipy is slow to load: import the
module that you need where you need it, so that a command that fails at once does not pay for it.
"""
