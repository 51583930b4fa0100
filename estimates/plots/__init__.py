"""Pictures of estimates: what stands where, and the same drawn with Matplotlib."""
