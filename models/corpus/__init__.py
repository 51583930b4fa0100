"""The log marginal likelihood of many events at one parameter vector, and its gradient, in compiled loops."""
