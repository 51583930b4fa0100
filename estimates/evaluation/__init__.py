"""Are the ranges right? Scores, baselines and simulated tables."""
