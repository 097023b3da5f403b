#include "models/text/grapheme_clusters.hpp"

#include "models/text/character_table.hpp"
#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

using namespace unicode;

constexpr char32_t kZeroWidthJoiner = 0x200D;

enum class Hangul { kNone, kL, kV, kT, kLv, kLvt };

Hangul hangul(char32_t c) {
    if (c < 0x1100 || c > 0xD7FB) return Hangul::kNone;
    if (c <= 0x115F || (c >= 0xA960 && c <= 0xA97C)) return Hangul::kL;
    if (c <= 0x11A7 || (c >= 0xD7B0 && c <= 0xD7C6))
        return c < 0x1200 || c > 0xD7AF ? Hangul::kV : Hangul::kNone;
    if (c <= 0x11FF || c >= 0xD7CB) return Hangul::kT;
    if (c >= 0xAC00 && c <= 0xD7A3) return (c - 0xAC00) % 28 == 0 ? Hangul::kLv : Hangul::kLvt;
    return Hangul::kNone;
}

bool joins(Hangul left, Hangul right) {
    switch (left) {
        case Hangul::kL:
            return right != Hangul::kNone && right != Hangul::kT;
        case Hangul::kV:
        case Hangul::kLv:
            return right == Hangul::kV || right == Hangul::kT;
        case Hangul::kT:
        case Hangul::kLvt:
            return right == Hangul::kT;
        case Hangul::kNone:
            break;
    }
    return false;
}

/// State of the current cluster that decides whether the next character belongs to it.
class Cluster {
public:
    explicit Cluster(char32_t first) { add(first, table_.flags(first)); }

    /// Adds the character if it belongs to the cluster.
    bool take(char32_t c) {
        const auto flags = table_.flags(c);
        if (!belongs(c, flags)) return false;
        add(c, flags);
        return true;
    }

private:
    bool belongs(char32_t c, unsigned flags) const {
        if ((flags & kControl) != 0) return last_ == '\r' && c == '\n';
        if ((last_flags_ & kControl) != 0) return false;
        if ((flags & kJoinsLeft) != 0 || (last_flags_ & kJoinsRight) != 0) return true;
        if (picture_ && last_ == kZeroWidthJoiner && (flags & kPictograph) != 0) return true;
        if (conjunct_ && linked_ && (flags & kConsonant) != 0) return true;
        return joins(hangul(last_), hangul(c));
    }

    void add(char32_t c, unsigned flags) {
        const bool extend = (flags & kJoinsLeft) != 0 && (flags & kSpacing) == 0;
        picture_ = (flags & kPictograph) != 0 || (picture_ && extend && !joined_);
        joined_ = c == kZeroWidthJoiner;
        if ((flags & kConsonant) != 0) {
            conjunct_ = true;
            linked_ = false;
        } else if ((flags & kLinker) != 0) {
            linked_ = true;
        } else if ((flags & kConjunctExtend) == 0) {
            conjunct_ = false;
        }
        last_ = c;
        last_flags_ = flags;
    }

    const CharacterTable& table_ = CharacterTable::instance();
    char32_t last_ = 0;
    unsigned last_flags_ = 0;
    bool picture_ = false;   ///< only a pictograph and Extend so far
    bool joined_ = false;    ///< the last character was a joiner
    bool conjunct_ = false;  ///< a consonant, then linkers and Extend
    bool linked_ = false;    ///< including a linker
};

}  // namespace

std::size_t cluster_end(std::string_view text, std::size_t begin) {
    auto end = begin;
    Cluster cluster(next(text, end));
    while (end < text.size()) {
        auto after = end;
        if (!cluster.take(next(text, after))) break;
        end = after;
    }
    return end;
}

}  // namespace pmatch
