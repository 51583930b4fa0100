"""Tables of very many events: estimated in parts, by several processes or on a cluster."""
