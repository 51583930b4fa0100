"""Checks between the rows of a table: what is odd when several rows are read together, and no fault of any one."""
