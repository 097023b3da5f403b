"""Builds the character map of a Precompiled normaliser, as SentencePiece stores it: the size of a
double-array trie in bytes, its units, then the replacements, each terminated by a zero byte."""
import struct


def build(replacements):
    """`replacements`: bytes that are looked for (not empty, no zero byte) to text."""
    root = {}
    blob = bytearray()
    places = {}
    for key, text in replacements.items():
        if text not in places:
            places[text] = len(blob)
            blob += text.encode() + b"\0"
        node = root
        for byte in key:
            node = node.setdefault(byte, {})
        node[0] = places[text]
    units = _units(root)
    return struct.pack("<I", 4 * len(units)) + struct.pack(f"<{len(units)}I", *units) + bytes(blob)


def _units(root):
    """A unit: label in bits 0-7, bit 8: a value is here, bits 10-: distance to the children (xor).
    The children of a node lie in one block of 256 units, child `c` at base ^ c, the value at base."""
    units, used, free = [0] * 256, [False] * 256, []
    used[0] = True
    free += range(1, 256)

    def place(labels):
        for slot in free[-64:]:
            base = slot ^ labels[-1]
            if base != 0 and not any(used[base ^ c] for c in labels):
                return base
        start = len(units)
        units.extend([0] * 256)
        used.extend([False] * 256)
        free.extend(range(start, start + 256))
        return start

    def add(node, index, label):
        labels = sorted(node)
        base = place(labels)
        for c in labels:
            used[base ^ c] = True
            free.remove(base ^ c) if len(free) < 512 else None
        if len(free) >= 512:
            free[:] = [slot for slot in free[-511:] if not used[slot]]
        units[index] = label | (0x100 if 0 in node else 0) | _distance(base ^ index)
        for c in labels:
            if c == 0:
                units[base] = node[0] | 1 << 31
            else:
                waiting.append((node[c], base ^ c, c))

    waiting = [(root, 0, 0)]
    while waiting:
        add(*waiting.pop())
    return units


def _distance(offset):
    if offset < 1 << 21:
        return offset << 10
    assert offset & 0xFF == 0, "a distance this large must be a multiple of 256"
    return offset << 2 | 0x200
