"""Verdicts and rankings from records. Pure."""
