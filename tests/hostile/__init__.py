"""Hostile neighbours: one honest client among many that are not. See docs/hardening.md."""
