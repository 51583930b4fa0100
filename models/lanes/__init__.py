"""Posteriors of many cases for many draws of the parameters, in compiled loops over draws that lie side by side."""
