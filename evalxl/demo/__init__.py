"""A sample office that plays some weeks through the same doors as people."""
