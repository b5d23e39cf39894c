"""Tests of the lab on the host."""
