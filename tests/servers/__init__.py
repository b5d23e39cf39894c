"""The parts that the models share, each on its own."""
