"""Where formulas become machine code: the one place that knows Numba, and where its compiled code is kept.

What is compiled are the functions marked with ``formula``, which stay plain Python. A :class:`Compiled` function is
made of one of them and of all that it calls, when it is first called. Numba is imported then and not before.

Numba keeps compiled code beside the file of each loop and takes it for good as long as *that file* is unchanged.
A constant or a formula that the loop uses from another file is frozen into it, also across an upgrade. So the code
kept for the loops of this package is stamped with all of ``models/`` and the versions of what compiled it: a change
anywhere compiles everything anew.
"""

from __future__ import annotations

import hashlib
import math
import os
import stat
import sys
import tempfile
import warnings
from collections.abc import Callable
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from estimates.models import elementary
from estimates.models.formula import APART, MARKED

#: What machine code depends on beside the formulas.
COMPILERS = ("numba", "llvmlite", "numpy")


#: Compiled functions take no memory of their own, so that references need not be counted: that would cost more than
#: short loops do. Sums may be taken in any order, so that loops run in vector registers; but nothing is assumed to be
#: finite. Other threads may run meanwhile.
_FREE_ORDER = {"reassoc", "nsz", "arcp", "contract", "afn"}
_MOST_COMPARISONS = 64
_OPTIONS: dict[str, Any] = {"fastmath": _FREE_ORDER, "error_model": "numpy", "_nrt": False}


class Compiled:
    """A function of arrays and numbers, compiled when it is first called; the code is kept for other processes.

    Parameters
    ----------
    function : callable
        Plain Python; what it calls is marked with ``formula``.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.plain = function

    def __call__(self, *arguments: Any) -> Any:
        """What the plain function returns, from compiled code."""
        return self._code(*arguments)

    def prepare(self) -> None:
        """Import the compiler now: several threads must not do so at once."""
        _ = self._code

    @cached_property
    def _code(self) -> Any:
        _register()
        import numba

        code = numba.njit(nogil=True, **_OPTIONS)(self.plain)
        code._cache = _stamped_cache(self.plain)
        if not code._cache._cache_file._load_index():
            _say_that_it_takes_a_while()
        return code


@cache
def _say_that_it_takes_a_while() -> None:
    """One line on standard error: the first call waits for the compiler, and nothing else shows why."""
    print("compiling the formulas: once after an installation, a minute or two", file=sys.stderr, flush=True)


@cache
def _register() -> None:
    """Tell Numba which functions compiled code may call, and how it computes the exponential and the logarithm."""
    from llvmlite import binding
    from numba.extending import overload, register_jitable

    # Loops over many arrays run in vector registers as well: by default no more than eight comparisons may show before
    # a loop that its arrays do not overlap.
    binding.set_option("", f"-runtime-memory-check-threshold={_MOST_COMPARISONS}")
    # Functions become part of those that call them: handing over groups of arrays costs more than sums over cells. Long
    # ones stay apart, or they would be compiled for each place.
    written_out = _written_out()
    for function in MARKED:
        if function in written_out:
            options = _OPTIONS | {"fastmath": {"contract", "nnan", "nsz"}, "forceinline": True}
            # What is said of the calling function must be said in it.
            inline = "always" if function in (elementary.prefer_wide_registers, elementary.no_overlap) else "never"
            overload(function, jit_options=options, inline=inline)(written_out[function])
        else:
            register_jitable(**_OPTIONS, forceinline=function not in APART)(function)


@cache
def stamp() -> str:
    """Hash of every file of ``models/`` and of the versions of the compilers."""
    digest = hashlib.sha256()
    for name in COMPILERS:
        digest.update(f"{name} {version(name)}\n".encode())

    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamped_cache(function: Callable[..., Any]) -> Any:
    """Numba's cache of one function, fresh only while the stamp of the whole folder is the same."""
    import numba
    from numba.core.caching import FunctionCache, IndexDataCacheFile

    def stamped() -> FunctionCache:
        kept = FunctionCache(function)
        kept._cache_file = IndexDataCacheFile(kept._cache_path, kept._impl.filename_base, stamp())
        return kept

    try:
        return stamped()
    except RuntimeError:  # Numba found no folder that it may write to
        folder = str(temporary_folder())
        # Through the environment as well, so that processes started from here find the same folder and say nothing.
        os.environ["NUMBA_CACHE_DIR"] = numba.config.CACHE_DIR = folder
        return stamped()


@cache
def temporary_folder() -> Path:
    """Folder for compiled code where the usual ones cannot be written; a warning says so once.

    It is the user's own and closed to others, who could otherwise lay code there to be run, and it is found again by
    the next process. Where such a folder cannot be had, the process gets one for itself.
    """
    name = f"estimates-{os.getuid()}" if hasattr(os, "getuid") else "estimates"
    folder = Path(tempfile.gettempdir()) / name
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        usable = _is_private(folder)
    except OSError:
        usable = False
    if not usable:
        folder = Path(tempfile.mkdtemp(prefix="estimates-"))

    warnings.warn(
        f"compiled code can be written neither beside the package nor in the home folder; it is kept in {folder}",
        RuntimeWarning,
        stacklevel=2,
    )
    return folder


def _is_private(folder: Path) -> bool:
    """Whether a folder is no link, belongs to this user, and nobody else may write in it."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


# The exponential and the logarithm ------------------------------------------------------------------------------------

#: log(2), split so that a whole multiple of its first part is exact, and its reciprocal.
_LOG_2_HIGH, _LOG_2_LOW, _PER_LOG_2 = 6.93145751953125e-1, 1.42860682030941723212e-6, 1.4426950408889634
_LOG_2 = 0.6931471805599453
#: Bits of the exponent of 1.0, of the square root of one half, and the number of bits of a fraction.
_BIAS, _ROOT_HALF, _FRACTION = 1023, 0x3FE6A09E667F3BCD, 52


def _written_out() -> dict[Callable[..., object], Callable[..., object]]:
    """For the elementary functions, what stands for them in compiled code.

    The exponential is that of a remainder of at most log(2) / 2, by its Taylor polynomial, times a power of two. The
    logarithm is that of a fraction between sqrt(1/2) and sqrt(2), by the series of the inverse hyperbolic tangent.
    """
    float_of, bits_of, floor, whole = _low_level_operations()
    widest, apart = _attributes()
    largest = elementary.LARGEST_LOG
    c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 = (1.0 / math.factorial(k) for k in range(3, 13))

    def exp(exponent: float) -> Any:
        def power(exponent: float) -> Any:
            cut = min(max(exponent, -largest), largest)
            multiple = floor(cut * _PER_LOG_2 + 0.5)
            r = (cut - multiple * _LOG_2_HIGH) - multiple * _LOG_2_LOW
            series = ((((c12 * r + c11) * r + c10) * r + c9) * r + c8) * r + c7
            series = (((((series * r + c6) * r + c5) * r + c4) * r + c3) * r + 0.5) * r + 1.0
            return (series * r + 1.0) * float_of((whole(multiple) + _BIAS) << _FRACTION)

        return power

    def log(number: float) -> Any:
        def logarithm(number: float) -> Any:
            bits = bits_of(number)
            power = (bits - _ROOT_HALF) >> _FRACTION
            fraction = float_of(bits - (power << _FRACTION))
            f = (fraction - 1.0) / (fraction + 1.0)
            s = f * f
            series = ((((s / 19 + 1 / 17) * s + 1 / 15) * s + 1 / 13) * s + 1 / 11) * s + 1 / 9
            series = ((series * s + 1 / 7) * s + 1 / 5) * s + 1 / 3
            found = 2.0 * f + 2.0 * f * s * series + power * _LOG_2
            return found if number > 0.0 else -math.inf

        return logarithm

    def prefer_wide_registers() -> Any:
        def prefer() -> None:
            widest()

        return prefer

    def no_overlap() -> Any:
        def promise() -> None:
            apart()
            widest()

        return promise

    return {
        elementary.exp: exp,
        elementary.log: log,
        elementary.prefer_wide_registers: prefer_wide_registers,
        elementary.no_overlap: no_overlap,
    }


def _low_level_operations() -> tuple[Any, Any, Any, Any]:
    """A float from its bits, the bits of a float, rounding down, and a whole float as an integer."""
    from llvmlite import ir
    from numba import extending, types

    intrinsic: Callable[[Callable[..., Any]], Any] = extending.intrinsic
    double, short, long = ir.DoubleType(), ir.IntType(32), ir.IntType(64)

    @intrinsic
    def float_of(context: Any, bits: Any) -> Any:
        return types.float64(types.int64), lambda _, builder, signature, given: builder.bitcast(given[0], double)

    @intrinsic
    def bits_of(context: Any, number: Any) -> Any:
        return types.int64(types.float64), lambda _, builder, signature, given: builder.bitcast(given[0], long)

    @intrinsic
    def floor(context: Any, number: Any) -> Any:
        def generate(_: Any, builder: Any, signature: Any, given: Any) -> Any:
            return builder.call(builder.module.declare_intrinsic("llvm.floor", [double]), given)

        return types.float64(types.float64), generate

    @intrinsic
    def whole(context: Any, number: Any) -> Any:
        def generate(_: Any, builder: Any, signature: Any, given: Any) -> Any:
            return builder.sext(builder.fptosi(given[0], short), long)

        return types.int64(types.float64), generate

    return float_of, bits_of, floor, whole


def _attributes() -> tuple[Any, Any]:
    """Marks of the function that calls them: wide registers, and arguments that do not overlap."""
    from llvmlite import ir
    from numba import extending, types

    intrinsic: Callable[[Callable[..., Any]], Any] = extending.intrinsic

    @intrinsic
    def widest(context: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            # llvmlite's set of attributes knows no attributes that are texts.
            set.add(builder.function.attributes, '"prefer-vector-width"="512"')
            return context.get_dummy_value()

        return types.void(), generate

    @intrinsic
    def apart(context: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            for argument in builder.function.args:
                if isinstance(argument.type, ir.PointerType):
                    argument.attributes.add("noalias")
            return context.get_dummy_value()

        return types.void(), generate

    return widest, apart
