"""How good the load engine is: `make generator`, docs/loadgen.md."""
