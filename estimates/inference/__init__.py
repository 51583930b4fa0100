"""From reports and a profile to posteriors."""
