"""Rows of databases of events as tables of reports: one module a database."""
