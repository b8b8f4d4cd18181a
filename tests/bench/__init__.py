"""`make bench`: how fast the product is, as ratios to the database's own speed (docs/performance.md)."""
