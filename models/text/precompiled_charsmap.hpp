/// SentencePiece's own normalisation, carried by the model as a table.
#pragma once

#include <cstddef>
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

    /// `origin`: how many of the first bytes come from the first character, before and after.
    void apply(std::string& text, std::size_t& origin) const;

private:
    std::optional<std::string_view> replacement(std::string_view text) const;
    void append_cluster(std::string_view cluster, std::string& out, std::size_t& first) const;

    std::vector<std::uint32_t> units_;  ///< a double-array trie
    std::string replacements_;          ///< each closed by a zero byte
    bool leaves_ascii_ = false;
};

}  // namespace pmatch
