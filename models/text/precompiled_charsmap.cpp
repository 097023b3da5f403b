#include "models/text/precompiled_charsmap.hpp"

#include <algorithm>
#include <cstring>

#include "core/text/utf8.hpp"
#include "models/text/grapheme_clusters.hpp"
#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kMaxReplacement = 4096;  // bytes

// Layout of the trie's units.
bool has_value(std::uint32_t unit) {
    return ((unit >> 8U) & 1U) != 0;
}
std::uint32_t value_of(std::uint32_t unit) {
    return unit & 0x7FFFFFFFU;
}
std::uint32_t label_of(std::uint32_t unit) {
    return unit & 0x800000FFU;
}
std::uint32_t distance_of(std::uint32_t unit) {
    return (unit >> 10U) << ((unit & 0x200U) >> 6U);
}

}  // namespace

std::optional<PrecompiledCharsmap> PrecompiledCharsmap::parse(std::string_view bytes) {
    std::uint32_t size = 0;
    if (bytes.size() < sizeof size) return {};
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(sizeof size);
    if (size == 0 || size % sizeof(std::uint32_t) != 0 || size > bytes.size()) return {};
    PrecompiledCharsmap map;
    map.units_.resize(size / sizeof(std::uint32_t));
    std::memcpy(map.units_.data(), bytes.data(), size);
    map.replacements_ = bytes.substr(size);
    if (!unicode::is_valid(map.replacements_)) return {};
    // A replacement must start inside the text, at a character boundary.
    for (const auto unit : map.units_) {
        const auto at = value_of(unit);
        if (unit >> 31U == 0) continue;
        if (at >= map.replacements_.size() || utf8::is_continuation(map.replacements_[at])) {
            return {};
        }
    }
    // Limits how much a text can grow.
    for (std::size_t begin = 0; begin < map.replacements_.size();) {
        const auto end = std::min(map.replacements_.find('\0', begin), map.replacements_.size());
        if (end - begin > kMaxReplacement) return {};
        begin = end + 1;
    }
    map.leaves_ascii_ = true;
    for (char c = 1; c < 0x7F && map.leaves_ascii_; ++c)
        map.leaves_ascii_ = !map.replacement({&c, 1});
    return map;
}

/// The value of the shortest prefix of `text` in the trie, as in the library.
std::optional<std::string_view> PrecompiledCharsmap::replacement(std::string_view text) const {
    std::size_t at = distance_of(units_[0]);
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        at ^= byte;
        if (byte == 0 || at >= units_.size() || label_of(units_[at]) != byte) return {};
        const auto unit = units_[at];
        at ^= distance_of(unit);
        if (at >= units_.size()) return {};
        if (!has_value(unit)) continue;
        const auto begin = value_of(units_[at]);
        if (begin >= replacements_.size()) return {};
        const auto end = std::min(replacements_.find('\0', begin), replacements_.size());
        return std::string_view(replacements_).substr(begin, end - begin);
    }
    return {};
}

/// `first`: number of bytes of `out` that represent the first character.
void PrecompiledCharsmap::append_cluster(std::string_view cluster, std::string& out,
                                         std::size_t& first) const {
    const auto add = [&](std::string_view text, bool one_character) {
        if (out.empty() && !text.empty()) {
            std::size_t size = 0;
            unicode::next(text, size);
            first = one_character ? text.size() : size;
        }
        out += text;
    };
    // Like SentencePiece, only looks up clusters of less than six bytes as a whole.
    if (cluster.size() < 6) {
        if (const auto found = replacement(cluster)) {
            std::size_t size = 0;
            unicode::next(cluster, size);
            add(*found, size == cluster.size());
            return;
        }
    }
    for (std::size_t i = 0; i < cluster.size();) {
        const auto begin = i;
        unicode::next(cluster, i);
        const auto character = cluster.substr(begin, i - begin);
        add(replacement(character).value_or(character), true);
    }
}

void PrecompiledCharsmap::apply(std::string& text, std::size_t& origin) const {
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (leaves_ascii_ && std::all_of(text.begin(), text.end(), is_plain)) return;
    std::string out;
    out.reserve(text.size());
    std::size_t first = 0;
    for (std::size_t i = 0; i < text.size();) {
        // A printable ASCII character followed by another one is a cluster.
        if (leaves_ascii_ && is_plain(text[i]) && i + 1 < text.size() && is_plain(text[i + 1])) {
            if (out.empty()) first = 1;
            out += text[i++];
            continue;
        }
        const auto end = cluster_end(text, i);
        append_cluster(std::string_view(text).substr(i, end - i), out, first);
        i = end;
    }
    if (origin > 0) origin = first;
    text.swap(out);
}

}  // namespace pmatch
