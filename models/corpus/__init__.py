"""The log evidence of many events at one parameter vector, and its gradient, in compiled loops."""
