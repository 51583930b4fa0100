"""What is found of a claim: how probable it is, where it lies, and what would have to be true for it to hold."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from textwrap import fill
from typing import Any

from estimates.inference.needed import Need, SourceNeed
from estimates.inference.supposed import Stages, Supposition
from estimates.text import chance, clean, count, in_notebook, line_of
from estimates.vocabulary import WHY_ONE_LAYER, layer_name, shown_layers

#: Under a supposition that leaves fewer effective draws than this, what follows from it is told to rest on few.
FEW_DRAWS = 20
#: Sentences are broken into lines of at most so many characters.
_WIDTH = 118
_STAGES = {"by_now": "by now", "in_the_end": "in the end", "documented": "documented", "total": "full toll"}
_STAGES_OF_ONE = {"in_the_end": "accounts", "documented": "estimate"}


@dataclass(frozen=True)
class ClaimedLayer:
    """A claim beside one layer of an estimate.

    Attributes
    ----------
    layer : str
        "by_now", "documented" or "total".
    probability : float
        That the claim holds; of a plain number that the toll is just that number.
    at_least, at_most : float
        P(toll >= the smallest toll of the claim) and P(toll <= the largest); one where it has no such end.
    number : int
        The number of the claim: an open one's only end, else of its tolls the one nearest to the median.
    lies : str
        Where that number lies: "inside the 50% range", "below the 95% range" and so on.
    inside : mapping of str to bool
        Whether it lies inside the range of each level, by "50", "80" and "95".
    median : int
    intervals : mapping of str to (int, int)
        The ranges, by the same levels.
    """

    layer: str
    probability: float
    at_least: float
    at_most: float
    number: int
    lies: str
    inside: Mapping[str, bool]
    median: int
    intervals: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, repr=False)
class Claim:
    """A claim about one outcome of one event, put to the estimates.

    Attributes
    ----------
    event, outcome, words : str
    wording : str
        Which of the forms of figures the words are.
    reading : str
        The tolls for which it holds: "500", "500 or more", "19 or fewer", "18 to 21".
    low : int
        The smallest of them.
    high : int or None
        The largest; None where there is none.
    floor, at_risk : int or None
        How many are known by name, and how many could have been hit at most.
    impossible : bool
        Whether these alone exclude it.
    verified : str
        What they do to it, in a sentence; empty where they do nothing.
    layers : tuple of ClaimedLayer
        Documented by now, documented in the end, and the full toll.
    sources : tuple of SourceNeed
        What it takes of each source that gives a number, the nearest first.
    needs : tuple of Need
        Each way in which it could be true, if it alone were the reason.
    as_estimated : Stages
        Typical counts on the way to the full toll, as estimated.
    suppositions : tuple of Supposition
        The same if the claim holds of what is documented in the end, and of the full toll.
    undocumented : str
        The layer that leads to the full toll.
    """

    event: str
    outcome: str
    words: str
    wording: str
    reading: str
    low: int
    high: int | None
    floor: int | None
    at_risk: int | None
    impossible: bool
    verified: str
    layers: tuple[ClaimedLayer, ...]
    sources: tuple[SourceNeed, ...]
    needs: tuple[Need, ...]
    as_estimated: Stages
    suppositions: tuple[Supposition, ...]
    undocumented: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """What would have to be true, each way in a plain sentence."""
        told = [self.verified] if self.verified else []
        if self.impossible:
            return tuple(told)
        has_layers = len(shown_layers(self.outcome)) > 1
        if not self.needs:
            median = f"{self.layers[1].median:,}, the median{' documented in the end' if has_layers else ''}"
            told.append(f"Nothing unusual has to be true: it allows {median}.")
        told += [need.sentence for need in self.needs]
        return tuple(told) if has_layers else (*told, WHY_ONE_LAYER)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain objects for JSON.

        Examples
        --------
        >>> found.claim("Idlib airstrikes", "at least 20").to_dict()["reading"]
        '20 or more'
        """
        return {**_plain(asdict(self)), "sentences": list(self.sentences)}

    def records(self) -> list[dict[str, Any]]:
        """One row a layer, as plain objects for JSON.

        Examples
        --------
        >>> [row["layer"] for row in found.claim("Idlib airstrikes", "at least 20").records()]
        ['by_now', 'documented', 'total']
        """
        heading = {"event": self.event, "outcome": self.outcome, "words": self.words, "reading": self.reading}
        return [{**heading, **_plain(asdict(layer))} for layer in self.layers]

    def __str__(self) -> str:
        parts = [self._heading, _as_text(self._table_of_layers), "What would have to be true:"]
        parts += [fill(each, _WIDTH, initial_indent="  - ", subsequent_indent="    ") for each in self.sentences]
        if self.suppositions:
            parts += ["Typical counts if it holds:", _as_text(self._table_of_stages), *self._few]
        return "\n".join(parts)

    def __repr__(self) -> str:
        told = f"{self.outcome} of {self.event}, {self.reading}; {chance(self.layers[1].probability)} as documented"
        return line_of("Claim", clean(told), self.words)

    def _repr_html_(self) -> str:
        needs = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences)
        parts = [f"<p>{html.escape(self._heading)}</p>", _as_html(self._table_of_layers)]
        parts.append(f"<p>What would have to be true:</p><ul>{needs}</ul>")
        if self.suppositions:
            parts += ["<p>Typical counts if it holds:</p>", _as_html(self._table_of_stages)]
            parts += [f"<p>{html.escape(text)}</p>" for text in self._few]
        return in_notebook("".join(parts))

    @property
    def _heading(self) -> str:
        who = self.outcome.replace("_", " ")
        return f"{clean(self.event)}, {who}: “{clean(self.words)}”, read as {self.reading} (layer {self.undocumented})"

    @property
    def _table_of_layers(self) -> list[list[str]]:
        """Rows of cells, the heading first: the chances that the claim has ends for, and where its number lies."""
        plain = self.low == self.high
        ends = [(f"{self.low:,} or more", "at_least")] if plain or (self.low > 0 and self.high is not None) else []
        if plain or (ends and self.high is not None):
            ends.append((f"{self.high:,} or fewer", "at_most"))
        rows = [["", "holds", *(name for name, _ in ends), "median", "80%", "lies"]]
        shown = shown_layers(self.outcome)
        for layer in (layer for layer in self.layers if layer.layer in shown):
            chances = [chance(layer.probability), *(chance(getattr(layer, name)) for _, name in ends)]
            low, high = layer.intervals["80"]
            place = f"{layer.number:,} {layer.lies}"
            rows.append([shown[layer.layer], *chances, count(layer.median), f"{low:,} to {high:,}", place])
        return rows

    @property
    def _table_of_stages(self) -> list[list[str]]:
        """Rows of cells, the heading first: as estimated, and if the claim holds of each layer."""
        shown = shown_layers(self.outcome)
        named = [("as estimated", self.as_estimated)]
        named += [(self._if(each), each.stages) for each in self.suppositions if each.layer in shown]
        stages_shown = _STAGES if len(shown) > 1 else _STAGES_OF_ONE
        rows = [[name, *(count(round(getattr(stages, stage))) for stage in stages_shown)] for name, stages in named]
        return [["", *stages_shown.values()], *rows]

    @property
    def _few(self) -> list[str]:
        shown = [each for each in self.suppositions if each.layer in shown_layers(self.outcome)]
        few = [each for each in shown if each.effective_draws < FEW_DRAWS]
        return [
            f"“{self._if(each)}” rests on {each.effective_draws:.1f} effective draws of the profile." for each in few
        ]

    def _if(self, supposition: Supposition) -> str:
        return f"if {layer_name(self.outcome, supposition.layer)}"


def _plain(value: Any) -> Any:
    """The same objects with a list in the place of every tuple, as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _as_text(rows: list[list[str]]) -> str:
    """A table of cells in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *cells in rows:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        lines.append("  " + "  ".join([name.ljust(widths[0]), *padded]).rstrip())
    return "\n".join(lines)


def _as_html(rows: list[list[str]]) -> str:
    """The same as a table of HTML."""
    head, *body = [[html.escape(cell) for cell in row] for row in rows]
    lines = ["".join(f"<th>{cell}</th>" for cell in head)]
    lines += ["".join([f"<th>{name}</th>", *(f"<td>{cell}</td>" for cell in cells)]) for name, *cells in body]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
