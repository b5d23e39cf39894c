"""The whole lab on real Docker, as a person starts it."""
