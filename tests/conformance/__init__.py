"""One suite over all seven models: each case against each model, over real sockets."""
