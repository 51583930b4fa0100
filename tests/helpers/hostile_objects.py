"""Hostile objects of Python: frames of strange types, dicts, generators, open files, and what is no table at all."""

from __future__ import annotations

import array
import collections
import datetime as dt
import decimal
import enum
import fractions
import io
import pathlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from helpers.hostile_input import Hostile, Must

_ENDLESS: list[object] = [18]
_ENDLESS.append(_ENDLESS)


class Sullen:
    """It cannot be shown, compared, hashed or asked whether it is true."""

    def _fail(self, *_: object) -> Any:
        raise RuntimeError("no")

    __str__ = __repr__ = __eq__ = __hash__ = __bool__ = __len__ = __iter__ = __float__ = __int__ = __format__ = _fail  # type: ignore[assignment]


class SullenText(str):
    """Text that cannot be shown, stripped or compared."""

    __slots__ = ()

    def _fail(self, *_: object) -> Any:
        raise RuntimeError("no")

    __str__ = __repr__ = strip = isascii = lower = _fail  # type: ignore[assignment]


class Colour(enum.Enum):
    """A value that is no number."""

    RED = 1


def objects() -> Iterator[Hostile]:
    """All of them."""
    yield from _cells_of_every_type()
    yield from _frames()
    yield from _dicts()
    yield from _open_files()
    yield from _no_sources()


def _object(kind: str, name: str, make: Callable[[], object], must: Must = "be either", **options: Any) -> Hostile:
    return Hostile(kind, name, make, must, options, is_file=False)


# ------------------------------------------------------------------------------------------------- cells of every type


#: Values that a cell may hold, each made anew.
VALUES: dict[str, Callable[[], object]] = {
    "None": lambda: None,
    "missing": lambda: pd.NA,
    "no time": lambda: pd.NaT,
    "not a number": lambda: float("nan"),
    "signalling not a number": lambda: decimal.Decimal("sNaN"),
    "decimal not a number": lambda: decimal.Decimal("NaN"),
    "infinity": lambda: float("-inf"),
    "decimal infinity": lambda: decimal.Decimal("Infinity"),
    "a decimal": lambda: decimal.Decimal("18.00"),
    "a huge decimal": lambda: decimal.Decimal("1e999999"),
    "a tiny decimal": lambda: decimal.Decimal("1e-999999"),
    "a fraction": lambda: fractions.Fraction(18, 7),
    "a complex number": lambda: 18 + 3j,
    "a huge integer": lambda: 10**6000,
    "a negative zero": lambda: -0.0,
    "a short float": lambda: np.float16(18),
    "a long float": lambda: np.longdouble("18.1"),
    "an unsigned integer": lambda: np.uint64(2**64 - 1),
    "true": lambda: True,
    "true of numpy": lambda: np.bool_(True),
    "bytes": lambda: b"18",
    "a bytearray": lambda: bytearray(b"18"),
    "text of numpy": lambda: np.str_("18"),
    "bytes of numpy": lambda: np.bytes_(b"18"),
    "a void of numpy": lambda: np.void(b"18"),
    "an array": lambda: np.array([18, 21]),
    "an array of one": lambda: np.array(18),
    "an empty array": lambda: np.array([]),
    "a masked number": lambda: np.ma.masked,
    "a list": lambda: [18],
    "a list that holds itself": lambda: _ENDLESS,
    "a dict": lambda: {"low": 18},
    "a set": lambda: {18},
    "a nested list": lambda: [[[[[[["x"] * 100] * 100]]]]],
    "a tuple": lambda: (18, 21),
    "a frame": lambda: pd.DataFrame({"a": [1]}),
    "a column": lambda: pd.Series([18, 21]),
    "a function": lambda: len,
    "a type": lambda: int,
    "a module": lambda: np,
    "a member of an enumeration": lambda: Colour.RED,
    "a universal identifier": lambda: uuid.UUID(int=18),
    "a path": lambda: pathlib.Path("18"),
    "an interval": lambda: pd.Interval(18, 21),
    "a period": lambda: pd.Period("2020-01", "M"),
    "a period of the year 30000": lambda: pd.Period(year=30000, freq="Y"),
    "an offset": pd.offsets.MonthEnd,
    "a difference of times": lambda: dt.timedelta(days=18),
    "a difference of numpy": lambda: np.timedelta64(18, "D"),
    "no difference": lambda: np.timedelta64("NaT", "D"),
    "a time of day": lambda: dt.time(18, 21),
    "the first day": lambda: dt.date.min,
    "the last moment": lambda: dt.datetime.max,
    "the first moment of pandas": lambda: pd.Timestamp.min,
    "a moment with a zone": lambda: pd.Timestamp("2020-01-15 14:30", tz="Asia/Damascus"),
    "a moment with an odd zone": lambda: dt.datetime(2020, 1, 15, 14, tzinfo=dt.timezone(dt.timedelta(hours=23, minutes=59, seconds=59))),
    "a moment of numpy": lambda: np.datetime64("2020-01-15T14:30"),
    "a moment of the year 20000": lambda: np.datetime64("20000-01-01"),
    "a moment before Christ": lambda: np.datetime64("-0044-03-15"),
    "a moment beyond all years": lambda: np.datetime64(2**62, "s"),
    "a moment in years": lambda: np.datetime64(2**40, "Y"),
    "no moment of numpy": lambda: np.datetime64("NaT", "D"),
    "half a character": lambda: "18\ud800",
    "NUL": lambda: "18\x00",
    "a million characters": lambda: "9" * 1_000_000,
    "a sullen object": Sullen,
    "sullen text": lambda: SullenText("18"),
    "an iterator": lambda: iter([18]),
    "an exception": lambda: ValueError("18"),
    "nothing is implemented": lambda: NotImplemented,
    "an ellipsis": lambda: ...,
    "a list of a huge integer": lambda: [10**6000],
    "a fraction of huge integers": lambda: fractions.Fraction(10**6000, 7),
    "a counter": lambda: collections.Counter("18"),
    "an array of Python": lambda: array.array("i", [18]),
    "a window of memory": lambda: memoryview(b"18"),
}  # fmt: skip


def _cells_of_every_type() -> Iterator[Hostile]:
    """Each value as the figure, the day and in an unknown column of dicts; as a name and a figure of a frame."""
    for name, make in VALUES.items():
        for column in ("figure", "event_date", "remark"):
            yield _object("values", f"{name} as {column}", partial(_row_with, column, make))
        yield _object("values", f"{name} in a frame", partial(_frame_with, make))


def _row_with(column: str, make: Callable[[], object]) -> list[dict[str, object]]:
    good: dict[str, object] = {"event": "A", "source": "B", "figure": 18}
    return [good, {**good, "source": "C", column: make()}]


def _frame_with(make: Callable[[], object]) -> pd.DataFrame:
    values = np.empty(2, dtype=object)
    values[0], values[1] = 18, make()
    columns = {column: values.copy() for column in ("event", "figure", "verified", "remark")}
    return pd.DataFrame({"source": ["B", "C"], **columns})


# -------------------------------------------------------------------------------------------------------------- frames


def _frame(**columns: object) -> pd.DataFrame:
    base: dict[str, object] = {"event": ["A", "A"], "source": ["B", "C"], "figure": [18, 21]}
    return pd.DataFrame({**base, **columns})


def _frames() -> Iterator[Hostile]:
    days = pd.to_datetime(["2020-01-15", None])
    either: dict[str, Callable[[], object]] = {
        "names that are numbers": lambda: pd.DataFrame([["A", "B", 18]], columns=[0, 1, 2]),
        "names that are moments": lambda: pd.DataFrame([["A", "B", 18]], columns=pd.date_range("2020", periods=3)),
        "names that are missing": lambda: _frame().rename(columns={"figure": np.nan}),
        "names that are None": lambda: _frame(x=[1, 2]).rename(columns={"x": None}),
        "names that are sullen": lambda: _with_names(["event", "source", "figure", _HashableSullen()]),
        "names that are tuples": lambda: _with_names(["event", "source", "figure", ("a", "b")]),
        "names in two levels": lambda: pd.concat({"x": _frame()}, axis=1),
        "names in two levels, the first ours": lambda: pd.DataFrame([["A", "B", 18]], columns=pd.MultiIndex.from_tuples([("event", ""), ("source", ""), ("figure", "x")])),
        "a name twice": lambda: pd.concat([_frame(), _frame()[["event"]]], axis=1),
        "every name alike": lambda: pd.DataFrame([["A", "B", 18]], columns=["event"] * 3),
        "an unknown name twice": lambda: pd.DataFrame([["A", "B", 18, 1, 2]], columns=["event", "source", "figure", "x", "x"]),
        "names that differ in spaces": lambda: _with_names(["event", " event ", "source", "figure"]),
        "a name with half a character": lambda: _with_names(["event", "source", "figure", "x\ud800"]),
        "a name of a million characters": lambda: _with_names(["event", "source", "figure", "x" * 1_000_000]),
        "no rows": lambda: _frame().iloc[:0],
        "no columns": lambda: pd.DataFrame(index=range(5)),
        "nothing": pd.DataFrame,
        "categories": lambda: _frame().astype("category"),
        "categories that are numbers": lambda: _frame(figure=pd.Categorical([18, 21], ordered=True)),
        "categories that are missing": lambda: _frame(group=pd.Categorical([None, None])),
        "sparse": lambda: _frame(figure=pd.arrays.SparseArray([18, 21])),
        "periods": lambda: _frame(event_date=pd.period_range("2020-01", periods=2, freq="M")),
        "intervals": lambda: _frame(figure=pd.interval_range(18, 20)),
        "differences of times": lambda: _frame(figure=pd.to_timedelta([18, 21], unit="D")),
        "moments with zones": lambda: _frame(reported_at=days.tz_localize("Asia/Kathmandu")),
        "moments at the ends of the clock": lambda: _frame(reported_at=[pd.Timestamp.min, pd.Timestamp.max]),
        "moments in seconds beyond 9999": lambda: _frame(event_date=np.array(["12000-01-01", "2020-01-15"], dtype="datetime64[s]")),
        "moments in seconds before 1": lambda: _frame(event_date=np.array(["-0044-03-15", "2020-01-15"], dtype="datetime64[s]")),
        "integers that may be missing": lambda: _frame(figure=pd.array([18, None], dtype="Int64")),
        "truths that may be missing": lambda: _frame(withdrawn=pd.array([True, None], dtype="boolean")),
        "text of Arrow": lambda: _frame(event=pd.array(["A", None], dtype="string[pyarrow]")),
        "lists of Arrow": lambda: _arrow([[18], [21, 22]]),
        "structures of Arrow": lambda: _arrow([{"low": 18}, {"low": 21}]),
        "decimals of Arrow": lambda: _arrow([decimal.Decimal("18.0"), decimal.Decimal("21.5")]),
        "dictionaries of Arrow": lambda: _arrow(["18", "21"], encoded=True),
        "times of day of Arrow": lambda: _arrow([dt.time(18), None]),
        "complex numbers": lambda: _frame(figure=np.array([18 + 0j, 21])),
        "short floats": lambda: _frame(figure=np.array([18, np.nan], dtype=np.float16)),
        "bytes": lambda: _frame(event=np.array([b"A", b"B"])),
        "an index with our names": lambda: _frame().set_index(["event", "source"]),
        "an index with a name of a column": lambda: _frame().set_index(pd.Index([1, 2], name="event")),
        "an index with a name twice": lambda: _frame().set_index(pd.MultiIndex.from_tuples([(1, 2), (3, 4)], names=["x", "x"])),
        "an index that repeats": lambda: _frame().set_index(pd.Index([7, 7])),
        "an index of moments": lambda: _frame().set_index(pd.DatetimeIndex(days, name="event_date")),
        "an index whose name is a number": lambda: _frame().set_index(pd.Index([1, 2], name=0)),
        "an index whose name is sullen": lambda: _frame().set_index(pd.Index([1, 2], name=_HashableSullen())),
        "a frame of a subclass": lambda: type("Mine", (pd.DataFrame,), {})(_frame()),
        "all cells missing": lambda: pd.DataFrame({"event": [None], "source": [pd.NA], "figure": [np.nan]}),
        "unknown columns of every type": lambda: _frame(**{f"x{n}": pd.Series([make(), make()], dtype=object) for n, make in enumerate(VALUES.values())}),
        "columns that are worked out": lambda: _frame(age_low=[1, 2], line=[5, 5], words=["x", "y"], subset=[True, False]),
        "coordinates of every type": lambda: _frame_of_every_type("latitude", "longitude"),
        "columns that are ours of every type": lambda: _frame_of_every_type("url", "note", "place", "group"),
        "3,000 columns": lambda: pd.concat([_frame(), pd.DataFrame(np.zeros((2, 3000)), columns=[f"x{n}" for n in range(3000)])], axis=1),
    }  # fmt: skip
    for name, make in either.items():
        yield _object("frames", name, make)
    for name, make in {
        "text with attributes": lambda: _with_attributes(_frame()),
        "an index out of order": lambda: _frame().set_index(pd.Index([9, -1])),
        "columns of Arrow": lambda: _frame().convert_dtypes(dtype_backend="pyarrow"),
    }.items():
        yield _object("frames", name, make, "be read")


def _frame_of_every_type(*columns: str) -> pd.DataFrame:
    values = np.empty(len(VALUES), dtype=object)
    for n, make in enumerate(VALUES.values()):
        values[n] = make()
    cells = dict.fromkeys(columns, values)
    return pd.DataFrame({"event": "A", "source": "B", "figure": 18, "place": "C", **cells}, index=range(len(values)))


def _with_names(names: list[object]) -> pd.DataFrame:
    columns = pd.Index(np.array([None] * len(names), dtype=object), dtype=object)
    values = columns.to_numpy().copy()
    values[:] = names
    return pd.DataFrame([["A", "B", 18, 1][: len(names)]], columns=pd.Index(values, dtype=object))


def _with_attributes(frame: pd.DataFrame) -> pd.DataFrame:
    frame.attrs["name"] = "\x1b[31m"
    frame.flags.allows_duplicate_labels = False
    return frame


def _arrow(values: list[object], *, encoded: bool = False) -> pd.DataFrame:
    import pyarrow as pa

    column = pa.array(values)
    column = column.dictionary_encode() if encoded else column
    return _frame(figure=pd.arrays.ArrowExtensionArray(pa.chunked_array([column])))


# --------------------------------------------------------------------------------------------------- dicts, generators


class _Failing(Mapping[str, object]):
    """A mapping whose cells cannot be read."""

    def __getitem__(self, key: str) -> object:
        raise OSError("the disk is gone")

    def __iter__(self) -> Iterator[str]:
        return iter(("event", "source", "figure"))

    def __len__(self) -> int:
        return 3


def _half_way(error: type[BaseException]) -> Iterator[dict[str, object]]:
    yield {"event": "A", "source": "B", "figure": 18}
    raise error("the line was cut")


def _dicts() -> Iterator[Hostile]:
    row: dict[Any, Any] = {"event": "A", "source": "B", "figure": 18}
    refused: dict[str, Callable[[], object]] = {
        "none": list,
        "an empty dict": lambda: [{}],
        "a None among them": lambda: [row, None],
        "a list among them": lambda: [row, ["A", "B", 18]],
        "text among them": lambda: [row, "A,B,18"],
        "a set": lambda: {"event", "source", "figure"},
        "numbers": lambda: range(5),
        "too many cells of csv.DictReader": lambda: [{**row, None: ["x", "y"]}],
        "too few cells of csv.DictReader": lambda: [{**row, "figure": None}],
        "a generator that fails half-way": lambda: _half_way(OSError),
        "a generator that fails with a message of many lines": lambda: _half_way(type("Odd\x1bError", (ValueError,), {"__str__": lambda self: "a\n\x1b[31mb" * 500})),
        "a generator that is without memory for its message": lambda: _half_way(type("SullenError", (Exception,), {"__str__": Sullen.__str__})),
        "mappings that fail": lambda: [_Failing()],
        "a generator that is used up": _used_up,
        "keys that are alike as text": lambda: [{**row, "18": 1, 18: 2}],
        "a key that is ours and one with spaces": lambda: [{**row, " event": "C"}],
    }  # fmt: skip
    either: dict[str, Callable[[], object]] = {
        "keys of every type": lambda: [{**row, 2: 1, 2.5: 2, True: 3, (1, 2): 4, b"x": 5, frozenset(): 6, ...: 7}],
        "a key that is sullen": lambda: [{**row, _hashable_sullen(): 1}],
        "keys of other rows": lambda: [row, {"event": "A"}, {"remark": "x"}],
        "an empty one among them": lambda: [row, {}, row],
        "300 with keys of their own": lambda: [{**row, f"k{n}": n} for n in range(300)],
        "a chain of maps": lambda: [collections.ChainMap(row, {"source": "x"})],
        "a default dict": lambda: [collections.defaultdict(lambda: "x", row)],
        "a generator of 100,000 nothings": lambda: ({} for _ in range(100_000)),
        "keys that steer a terminal": lambda: [{**row, "\x1b[2J\u202e\nfull toll 0": 1}],
        "a key of nothing": lambda: [{**row, "": 1, " ": 2}],
        "a key that ends in another's name": lambda: [{**row, "Event ": "x"}],
    }
    for name, make in refused.items():
        yield _object("dicts", name, make, "be refused")
    for name, make in either.items():
        yield _object("dicts", name, make)
    yield _object("dicts", "a generator", lambda: ({**row, "source": f"S{n}"} for n in range(50)), "be read")
    yield _object("dicts", "one dict five thousand times", lambda: [row] * 5000, "be read")


def _used_up() -> Iterator[dict[str, object]]:
    found = _half_way(ValueError)
    next(found)
    found.close()
    return found


class _HashableSullen:
    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


def _hashable_sullen() -> object:
    return _HashableSullen()


# ---------------------------------------------------------------------------------------------------------- open files


class _File:
    """An open file that gives what it should not."""

    def __init__(self, content: object, name: object = "file") -> None:
        self.content, self.name = content, name

    def read(self, *_: object) -> object:
        if isinstance(self.content, BaseException):
            raise self.content
        return self.content


def _open_files() -> Iterator[Hostile]:
    good = "event,source,figure\nA,B,18\n"
    refused: dict[str, Callable[[], object]] = {
        "closed": _closed,
        "for writing": lambda: _File(io.UnsupportedOperation("not readable")),
        "at its end": lambda: _at_end(good),
        "that gives None": lambda: _File(None),
        "that gives a number": lambda: _File(10**12),
        "that gives a list": lambda: _File([good]),
        "that gives a dict": lambda: _File({"event": "A"}),
        "whose disk is gone": lambda: _File(OSError(5, "Input/output error\n\x1b[31m")),
        "in another encoding": lambda: io.TextIOWrapper(io.BytesIO("é".encode("latin-1") * 9), encoding="utf-8"),
        "with half a character": lambda: io.StringIO("event,source,figure\nA\udc80,B,18\n"),
    }
    for name, make in refused.items():
        yield _object("open files", name, make, "be refused")
    for name, make in {
        "that gives a window of memory": lambda: _File(memoryview(good.encode())),
        "that gives a bytearray": lambda: _File(bytearray(good.encode())),
        "whose name is a number": lambda: _File(good, 3),
        "whose name steers a terminal": lambda: _File(good, "\x1b[31m\u202e\nfull toll 0"),
        "whose name is bytes": lambda: _File(good.encode(), b"x.csv"),
    }.items():
        yield _object("open files", name, make, "be read")
    for name, make in {
        "whose name is sullen": lambda: _File(good, Sullen()),
        "whose name is a million characters": lambda: _File(good + "A,B,x", "x" * 1_000_000),
        "whose name steers a terminal, with faults": lambda: _File(good + "A,B,x\n", "\x1b[31m\u202e\nfull toll 0"),
    }.items():
        yield _object("open files", name, make)


def _closed() -> io.StringIO:
    file = io.StringIO("event,source,figure\nA,B,18\n")
    file.close()
    return file


def _at_end(text: str) -> io.StringIO:
    file = io.StringIO(text)
    file.read()
    return file


# ---------------------------------------------------------------------------------------------------------- no sources


def _no_sources() -> Iterator[Hostile]:
    refused: dict[str, Callable[[], object]] = {
        "None": lambda: None,
        "a number": lambda: 18,
        "a float": lambda: float("nan"),
        "bytes": lambda: b"event,source,figure\nA,B,18\n",
        "a window of memory": lambda: memoryview(b"x"),
        "one dict": lambda: {"event": "A", "source": "B", "figure": 18},
        "a column": lambda: pd.Series([1, 2, 3]),
        "an array": lambda: np.zeros((3, 3)),
        "an array of records": lambda: np.array([("A", "B", 18)], dtype=[("event", "U9"), ("source", "U9"), ("figure", int)]),
        "the class of frames": lambda: pd.DataFrame,
        "a sullen object": Sullen,
        "text of no path": lambda: "",
        "the text of a table": lambda: "event,source,figure\nA,B,18\n",
        "a path with NUL": lambda: "a\x00b.csv",
        "a path with half a character": lambda: "a\ud800.csv",
        "a path too long": lambda: "x" * 5000,
        "a path that steers a terminal": lambda: "\x1b[31m\u202e.csv",
        "a folder": lambda: "/",
        "a device": lambda: "/dev/zero",
        "a path of bytes": _path_of_bytes,
        "an address": lambda: "https://example.org/reports.csv",
    }  # fmt: skip
    for name, make in refused.items():
        yield _object("no sources", name, make, "be refused")


def _path_of_bytes() -> object:
    """A path whose name is bytes."""

    class OfBytes:
        def __fspath__(self) -> bytes:
            return b"reports.csv"

    return OfBytes()
