/// SentencePiece's own normalisation, carried by the model as a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

class PrecompiledCharsmap {
public:
    /// From the table's bytes; nothing when they are not one.
    static std::optional<PrecompiledCharsmap> parse(std::string_view bytes);

    void apply(std::string& text) const;

private:
    std::optional<std::string_view> replacement(std::string_view text) const;
    void append_cluster(std::string_view cluster, std::string& out) const;

    std::vector<std::uint32_t> units_;  ///< a double-array trie
    std::string replacements_;          ///< each closed by a zero byte
    bool leaves_ascii_ = false;
};

}  // namespace pmatch
