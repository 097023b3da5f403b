"""Writes models/text/character_table.cpp: the tokenizers library's classes of all code points.

The library uses several Unicode tables of different versions (oniguruma's for patterns, Rust's regex for
words, unicode-segmentation's for grapheme clusters); none is ICU's. So the classes are determined from the
library's output for suitable texts.
Usage: .venv/bin/python scripts/character_table.py > models/text/character_table.cpp
"""
import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

import charsmap

FLAGS = ("kLetter", "kNumber", "kBlank", "kWord", "kJoinsLeft", "kSpacing", "kJoinsRight", "kControl",
         "kPictograph", "kConsonant", "kLinker", "kConjunctExtend", "kMark")
POINTS = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]


def matched(pre_tokenizer):
    """Code points in the pieces that a splitter keeps of a text of all code points."""
    text = "".join(map(chr, POINTS))
    found = set()
    for _, (begin, end) in pre_tokenizer.pre_tokenize_str(text):
        found.update(POINTS[begin:end])
    return found


def kept_by(pattern):
    return matched(pre_tokenizers.Split(Regex(pattern), "removed", invert=True))


def words():
    # Whitespace keeps \w+ and what is neither a word nor blank: a letter next to X tells them apart.
    splitter = pre_tokenizers.Whitespace()
    text = "".join(f"a{chr(c)}\n" for c in POINTS)
    pieces = {begin: end for _, (begin, end) in splitter.pre_tokenize_str(text)}
    return {c for i, c in enumerate(POINTS) if pieces[3 * i] == 3 * i + 2}


def marks():
    points = [c for c in POINTS if c != 10]
    left = normalizers.StripAccents().normalize_str("\n".join(map(chr, points))).split("\n")
    return {c for c, kept in zip(points, left, strict=True) if not kept}


class Clusters:
    """A normaliser that makes one b of a cluster below six bytes, else one b of each character."""

    def __init__(self):
        leads = [*range(1, 0x80), *range(0xC2, 0xF5)]
        self.normalizer = normalizers.Precompiled(
            charsmap.build({bytes([lead]): "b" for lead in leads if lead not in (10, 13)}))

    def ask(self, points, before, after, joined):
        """Those X for which before + X + after becomes `joined` times b."""
        points = [c for c in points if c not in (10, 13)]
        text = "\n".join(before + chr(c) + after for c in points)
        answers = self.normalizer.normalize_str(text).split("\n")
        return {c for c, answer in zip(points, answers, strict=True) if answer == "b" * joined}


def cluster_sets():
    clusters, rest = Clusters(), {}
    acute, zwj, ka, virama = "\u0301", "\u200d", "\u0915", "\u094d"
    left = rest["kJoinsLeft"] = clusters.ask(POINTS, "a", "", 1)
    others = [c for c in POINTS if c not in left]
    rest["kJoinsRight"] = clusters.ask(others, "", "a", 1)
    # A character of four bytes makes six with the accent, whether the two are joined or not.
    rest["kControl"] = clusters.ask([c for c in others if c < 0x10000], "", acute, 2) | {10, 13}
    rest["kPictograph"] = clusters.ask(others, "\u00a9" + zwj, "", 3)
    wide = sorted(left - {0x200D})
    joined = clusters.ask(wide, "\u00a9", zwj + "\u00a9" + acute, 5)
    rest["kSpacing"] = set(wide) - joined
    rest["kConsonant"] = clusters.ask([c for c in others if c > 0x7F], "", virama + ka + acute, 4)
    rest["kLinker"] = clusters.ask(sorted(left), ka, ka + acute, 4)
    rest["kConjunctExtend"] = clusters.ask(sorted(left), ka, virama + ka + acute, 5) - rest["kLinker"]
    return rest


def main():
    sets = {"kLetter": kept_by(r"\p{L}+"), "kNumber": kept_by(r"\p{N}+"), "kBlank": kept_by(r"\s+"),
            "kWord": words(), "kMark": marks(), **cluster_sets()}
    rows, last = [], None
    for c in range(0x110000):
        flags = sum(1 << i for i, name in enumerate(FLAGS) if c in sets[name])
        if flags != last:
            rows.append(f"{{0x{c:X}, 0x{flags:X}}},")
            last = flags
    print(f"// Written by scripts/character_table.py with tokenizers {tokenizers.__version__}; change that, not this.\n"
          "// clang-format off\n"
          '#include "models/text/character_table.hpp"\n\n'
          "#include <array>\n\n"
          "namespace pmatch::unicode {\nnamespace {\n\n"
          f"constexpr std::array<CharacterRun, {len(rows)}> kRuns{{{{")
    line = "   "
    for row in rows:
        if len(line) + len(row) > 98:
            print(line)
            line = "   "
        line += " " + row
    print(line + "\n}};\n\n}  // namespace\n\n"
          "std::span<const CharacterRun> character_runs() {\n    return kRuns;\n}\n\n}  // namespace pmatch::unicode")


if __name__ == "__main__":
    main()
