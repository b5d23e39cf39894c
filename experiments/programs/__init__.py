"""Small programs for what Python hides: each makes its system calls through libc, prints JSON."""
