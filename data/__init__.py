"""Data shipped with the package; see README.md in this folder for the source of every figure."""
