"""Writes core/text/html_entities.cpp: the named character references of HTML 5 that end in a semicolon.

Usage: python3 scripts/html_entities.py > core/text/html_entities.cpp
"""
import html.entities

WIDTH = 98


def escaped(c):
    """The character inside of a C++ string."""
    if c in "\t\n":
        return {"\t": "\\t", "\n": "\\n"}[c]
    if c < "\x7f":
        return "\\" + c if c in '"\\' else c
    return f"\\u{ord(c):04x}" if c < "\U00010000" else f"\\U{ord(c):08x}"


def main():
    known = {name[:-1]: text for name, text in html.entities.html5.items() if name.endswith(";")}
    rows = ['{"%s", "%s"},' % (name, "".join(map(escaped, known[name]))) for name in sorted(known, key=str.encode)]
    print("// Written by scripts/html_entities.py; change that, not this.\n"
          '#include "core/text/html_entities.hpp"\n\n'
          "#include <algorithm>\n#include <array>\n\n"
          "namespace pmatch {\nnamespace {\n\n"
          "struct Entity {\n    std::string_view name;\n    std::string_view text;\n};\n\n"
          "// clang-format off\n"
          "constexpr auto kEntities = std::to_array<Entity>({")
    line = "   "
    for row in rows:
        if len(line) + len(row) + 1 > WIDTH:
            print(line)
            line = "   "
        line += " " + row
    print(line + "\n});\n// clang-format on\n\n}  // namespace\n\n"
          "std::string_view html_entity(std::string_view name) {\n"
          "    const auto found = std::lower_bound(\n"
          "        kEntities.begin(), kEntities.end(), name,\n"
          "        [](const Entity& entity, std::string_view wanted) { return entity.name < wanted; });\n"
          "    return found != kEntities.end() && found->name == name ? found->text : std::string_view();\n"
          "}\n\n}  // namespace pmatch")


if __name__ == "__main__":
    main()
