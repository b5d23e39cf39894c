"""One file for each make target; `cli` reads the command line."""
