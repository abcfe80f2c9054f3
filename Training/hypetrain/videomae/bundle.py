"""Reads the variables of a TensorFlow checkpoint without TensorFlow.

``variables.index`` is a sorted table in LevelDB's format, uncompressed as TensorFlow writes it: blocks of entries whose keys share
prefixes, an index block that names the blocks, a footer that names the index. The values are small protocol buffers
(``tensorflow/core/protobuf/tensor_bundle.proto``) which say where in ``variables.data-?????-of-?????`` a tensor lies.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_TYPES = {1: np.dtype("<f4"), 2: np.dtype("<f8"), 3: np.dtype("<i4"), 9: np.dtype("<i8"), 19: np.dtype("<f2")}


class BundleError(ValueError):
    """The files are no checkpoint, or one of a kind that is not read here."""


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(data) or shift > 63:
            raise BundleError("a number is cut off")
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def _block(data: bytes, offset: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block."""
    end = offset + size
    if end + 5 > len(data) or size < 4:
        raise BundleError("a block lies outside of the file")
    if data[end] != 0:
        raise BundleError("the index is compressed")
    restarts = struct.unpack_from("<I", data, end - 4)[0]
    stop, place, key = end - 4 - 4 * restarts, offset, b""
    while place < stop:
        shared, place = _varint(data, place)
        own, place = _varint(data, place)
        length, place = _varint(data, place)
        if shared > len(key) or place + own + length > stop:
            raise BundleError("an entry reaches past its block")
        key = key[:shared] + data[place:place + own]
        place += own
        yield key, data[place:place + length]
        place += length


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Numbers and values of a protocol buffer's fields."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        kind = tag & 7
        if kind == 0:
            value, place = _varint(message, place)
        elif kind == 2:
            length, place = _varint(message, place)
            value, place = message[place:place + length], place + length
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
            value, place = int.from_bytes(message[place:place + length], "little"), place + length
        else:
            raise BundleError("a description has a field of an unknown kind")
        yield tag >> 3, value


def _whole(fields: dict[int, int | bytes], number: int, default: int) -> int:
    value = fields.get(number, default)
    if isinstance(value, bytes):
        raise BundleError("a description has text where a number belongs")
    return value


def _part(fields: dict[int, int | bytes], number: int) -> bytes:
    value = fields.get(number, b"")
    if isinstance(value, int):
        raise BundleError("a description has a number where a part belongs")
    return value


def _dimensions(shape: bytes) -> list[int]:
    return [_whole(dict(_fields(_part({2: value}, 2))), 1, 0) for number, value in _fields(shape) if number == 2]


def read(prefix: Path) -> dict[str, np.ndarray]:
    """All tensors of numbers in a checkpoint, by name.

    ``prefix`` is the path without ``.index``, such as ``saved_model/variables/variables``.
    """
    index = prefix.with_name(prefix.name + ".index")
    data = index.read_bytes()
    if len(data) < _FOOTER or struct.unpack_from("<Q", data, len(data) - 8)[0] != _MAGIC:
        raise BundleError(f"{index} is no index of a TensorFlow checkpoint")
    _, place = _varint(data, len(data) - _FOOTER)
    _, place = _varint(data, place)
    offset, place = _varint(data, place)
    size, place = _varint(data, place)
    shards: dict[int, bytes] = {}
    count, tensors = 1, {}
    for _, handle in _block(data, offset, size):
        start, place = _varint(handle, 0)
        length, _ = _varint(handle, place)
        for key, value in _block(data, start, length):
            fields = dict(_fields(value))
            if not key:
                count = _whole(fields, 1, 1)
                continue
            kind = _TYPES.get(_whole(fields, 1, 0))
            if kind is None:
                continue
            shape, shard = _dimensions(_part(fields, 2)), _whole(fields, 3, 0)
            if shard not in shards:
                data_name = f"{prefix.name}.data-{shard:05d}-of-{count:05d}"
                shards[shard] = prefix.with_name(data_name).read_bytes()
            first, bytes_ = _whole(fields, 4, 0), _whole(fields, 5, 0)
            content = shards[shard][first:first + bytes_]
            name = key.decode(errors="replace")
            if len(content) != bytes_ or bytes_ != kind.itemsize * math.prod(shape):
                raise BundleError(f"{name} is cut off")
            tensors[name] = np.frombuffer(content, kind).reshape(shape)
    return tensors
