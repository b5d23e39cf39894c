"""The lab, on the host: plan -> trials -> records -> table.

Start reading at `plan.py` (what will be measured, in which order) and `trial.py` (the life of one
trial, step by step, on whatever plays its part: real containers or the tests' fakes).
"""

__version__ = "0.1.0"
