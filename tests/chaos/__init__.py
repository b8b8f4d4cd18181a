"""`make chaos`: what the product keeps when its processes die and its disk fills (docs/faults.md)."""
