"""What a plugin answered, looked at before anybody believes it: how much of it there is, and of which type it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

LARGEST = 256 * 1024
_MOST_PARTS = 20_000
_LARGEST_NUMBER = 2**63


class Garbage(Exception):
    """Not what the port promises."""


class TooLarge(Exception):
    """More than anybody needs."""


def checked(answer: Any, wanted: Any, largest: int = LARGEST) -> Any:
    """The answer as plain values of the wanted type, copied. Raises Garbage and TooLarge.

    The size is counted first and part by part, so that looking at too much costs as little as looking at enough.
    """
    _measure(answer, largest)
    try:
        return msgspec.convert(msgspec.to_builtins(answer), wanted)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as problem:
        raise Garbage(str(problem)[:200]) from problem


def _measure(answer: Any, largest: int) -> None:
    waiting, size, parts = [answer], 0, 0
    while waiting:
        one = waiting.pop()
        parts += 1
        size += _own_size(one)
        if size > largest or parts + len(waiting) > _MOST_PARTS:
            raise TooLarge(f"more than {largest} bytes")
        waiting.extend(_inside(one))


def _own_size(one: Any) -> int:
    if isinstance(one, str | bytes):
        return len(one)
    if isinstance(one, int) and not -_LARGEST_NUMBER <= one < _LARGEST_NUMBER:
        raise TooLarge("a number of more than 64 bits")
    return 8


def _inside(one: Any) -> Iterable[Any]:
    if isinstance(one, Mapping | list | tuple | set | frozenset) and len(one) > _MOST_PARTS:
        raise TooLarge(f"more than {_MOST_PARTS} parts")
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    if isinstance(one, list | tuple | set | frozenset):
        return one
    if dataclasses.is_dataclass(one):
        return [getattr(one, field.name) for field in dataclasses.fields(one)]
    if isinstance(one, msgspec.Struct):
        return [getattr(one, name) for name in one.__struct_fields__]
    return ()
