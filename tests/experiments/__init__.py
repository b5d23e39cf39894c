"""Verdicts on evidence of every outcome, blinded probes among them."""
