"""Verdicts and rankings from records."""
