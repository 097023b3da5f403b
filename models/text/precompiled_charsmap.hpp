/// SentencePiece's normalisation, a table stored in the model.
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
    /// Parses the table; empty if it is invalid.
    static std::optional<PrecompiledCharsmap> parse(std::string_view bytes);

    /// `origin`: number of first bytes that stem from the first character, before and after.
    void apply(std::string& text, std::size_t& origin) const;

private:
    std::optional<std::string_view> replacement(std::string_view text) const;
    void append_cluster(std::string_view cluster, std::string& out, std::size_t& first) const;

    std::vector<std::uint32_t> units_;  ///< a double-array trie
    std::string replacements_;          ///< each terminated by a zero byte
    bool leaves_ascii_ = false;
};

}  // namespace pmatch
