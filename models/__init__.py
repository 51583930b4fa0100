"""The mathematics: pure functions on arrays, no files, no tables, no printing but for a word while it is compiled.

Each module holds one part of the model of a single outcome of a single event: the closed form of its likelihood
and a ``simulate`` twin that draws from the same law by another route.
"""

if __name__ != "estimates.models":
    raise ImportError(
        "the folder models/ is the package estimates.models: write 'from estimates import models', "
        "after 'pip install -e .' in the folder above it"
    )
