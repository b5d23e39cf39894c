"""The machine and the kernel's counters."""
