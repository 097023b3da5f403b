"""Reads ONNX files: the few fields of the format's protocol buffers (onnx.proto) that a graph of weights needs."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .errors import ExportError

# Numbers of fields in onnx.proto.
MODEL_GRAPH, MODEL_NOTES = 7, 14
NOTE_KEY, NOTE_VALUE = 1, 2
GRAPH_NODE, GRAPH_WEIGHT, GRAPH_INPUT, GRAPH_OUTPUT = 1, 5, 11, 12
VALUE_NAME = 1
NODE_INPUT, NODE_OUTPUT, NODE_KIND, NODE_SETTING = 1, 2, 4, 5
SETTING_NAME, SETTING_FLOAT, SETTING_INT, SETTING_TEXT, SETTING_TENSOR, SETTING_INTS = 1, 2, 3, 4, 5, 8
TENSOR_SIZE, TENSOR_TYPE, TENSOR_FLOATS, TENSOR_INTS, TENSOR_LONGS, TENSOR_NAME, TENSOR_RAW = 1, 2, 4, 5, 7, 8, 9

TYPES = {1: np.float32, 6: np.int32, 7: np.int64}


@dataclass
class Node:
    kind: str
    inputs: list[str]
    output: str
    settings: dict = field(default_factory=dict)


@dataclass
class Graph:
    """Nodes in an order in which they can be computed; `constants` are arrays by name."""

    nodes: list[Node]
    constants: dict[str, np.ndarray]
    input: str
    output: str
    notes: dict[str, str]  # metadata_props

    def users(self, name: str) -> list[Node]:
        return [node for node in self.nodes if name in node.inputs]


def read_onnx(file: Path) -> Graph:
    try:
        return _graph(_Message(file.read_bytes()))
    except OSError as error:
        raise ExportError(f"{file} cannot be read: {error.strerror}", "install the package that it comes from again") from error
    except (ValueError, TypeError, IndexError, KeyError, struct.error) as error:
        raise ExportError(f"{file} is no ONNX file of the kind known here: {error}", "give the file that was exported") from error


def _graph(model: _Message) -> Graph:
    graph = _Message(model.one(MODEL_GRAPH))
    nodes, constants = [], {}
    for weight in map(_Message, graph.all(GRAPH_WEIGHT)):
        constants[weight.text(TENSOR_NAME)] = _array(weight)
    for message in map(_Message, graph.all(GRAPH_NODE)):
        node = _node(message)
        if node.kind == "Constant":
            constants[node.output] = node.settings["value"]
        else:
            nodes.append(node)
    notes = {note.text(NOTE_KEY): note.text(NOTE_VALUE) for note in map(_Message, model.all(MODEL_NOTES))}
    names = [[_Message(value).text(VALUE_NAME) for value in graph.all(number)] for number in (GRAPH_INPUT, GRAPH_OUTPUT)]
    (wanted,), (result,) = [name for name in names[0] if name not in constants], names[1]
    return Graph(nodes, constants, wanted, result, notes)


def _node(message: _Message) -> Node:
    inputs, outputs = ([value.decode() for value in message.all(number)] for number in (NODE_INPUT, NODE_OUTPUT))
    settings = {setting.text(SETTING_NAME): _setting(setting) for setting in map(_Message, message.all(NODE_SETTING))}
    kind = message.text(NODE_KIND)
    if len(outputs) != 1:
        raise ValueError(f"a node {kind} has {len(outputs)} outputs")
    return Node(kind, inputs, outputs[0], settings)


def _setting(message: _Message):
    if message.has(SETTING_TENSOR):
        return _array(_Message(message.one(SETTING_TENSOR)))
    if message.has(SETTING_FLOAT):
        return struct.unpack("<f", message.one(SETTING_FLOAT))[0]
    if message.has(SETTING_INT):
        return _signed(message.one(SETTING_INT))
    if message.has(SETTING_TEXT):
        return message.text(SETTING_TEXT)
    return message.numbers(SETTING_INTS)


def _array(message: _Message) -> np.ndarray:
    shape, dtype = message.numbers(TENSOR_SIZE), TYPES[message.one(TENSOR_TYPE)]
    if message.has(TENSOR_RAW):
        values = np.frombuffer(message.one(TENSOR_RAW), np.dtype(dtype).newbyteorder("<"))
    elif dtype is np.float32:
        values = np.frombuffer(b"".join(message.all(TENSOR_FLOATS)), "<f4")
    else:
        values = message.numbers(TENSOR_INTS if dtype is np.int32 else TENSOR_LONGS)
    return np.array(values, dtype).reshape(shape)


class _Message:
    """The fields of one protocol buffer by number; a number, or the bytes of all else."""

    def __init__(self, content: bytes):
        self.fields: dict[int, list] = {}
        for number, value in _fields(content):
            self.fields.setdefault(number, []).append(value)

    def has(self, number: int) -> bool:
        return number in self.fields

    def all(self, number: int) -> list:
        return self.fields.get(number, [])

    def one(self, number: int):
        return self.fields[number][-1]

    def text(self, number: int) -> str:
        return self.one(number).decode()

    def numbers(self, number: int) -> list[int]:
        """Whole numbers, written one by one or packed."""
        values: list[int] = []
        for value in self.all(number):
            values += [_signed(one) for one in ([value] if isinstance(value, int) else _packed(value))]
        return values


def _fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        wire = key & 7
        if wire == 0:
            value, place = _varint(content, place)
        else:
            if wire == 2:
                size, place = _varint(content, place)
            else:
                size = {1: 8, 5: 4}[wire]
            value, place = content[place : place + size], place + size
            if place > len(content):
                raise ValueError("it breaks off")
        yield key >> 3, value


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def _packed(content: bytes) -> Iterator[int]:
    place = 0
    while place < len(content):
        value, place = _varint(content, place)
        yield value


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value
