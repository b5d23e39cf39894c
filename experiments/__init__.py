"""The claims of the notes (notes.txt), each an experiment that anybody can run: make claim.

A file is a claim. It states the claim, its control and its one knob, gathers evidence from the
kernel, and judges the evidence by a pure function. It knows the lab by `lab.claims` alone.
"""
