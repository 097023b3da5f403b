#include "models/tokenizer/pre_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxSteps = 64;

enum class Behavior { kRemoved, kIsolated, kMergedWithPrevious, kMergedWithNext, kContiguous };

/// A part of a word: a match of the pattern, or the text between matches.
struct Part {
    TextSpan span;
    bool match = false;
};

/// Splits one word: matches and the text between them become words according to `behavior`.
class Cut {
public:
    Cut(Behavior behavior, std::vector<TextSpan>& spans)
        : behavior_(behavior), spans_(spans), first_(spans.size()) {}

    void add(const Part& part) {
        if (behavior_ == Behavior::kRemoved && part.match) return;
        if (spans_.size() > first_ && joins(part)) {
            spans_.back().end = part.span.end;
        } else {
            spans_.push_back(part.span);
        }
        previous_ = part.match;
    }

private:
    bool joins(const Part& part) const {
        switch (behavior_) {
            case Behavior::kMergedWithPrevious:
                return part.match && !previous_;
            case Behavior::kMergedWithNext:
                return !part.match && previous_;
            case Behavior::kContiguous:
                return part.match == previous_;
            case Behavior::kRemoved:
            case Behavior::kIsolated:
                break;
        }
        return false;
    }

    Behavior behavior_;
    std::vector<TextSpan>& spans_;
    std::size_t first_;
    bool previous_ = false;
};

/// Swaps the spare spans in as the words.
void take(Words& words) {
    words.at_start = words.at_start && !words.spans.empty() && !words.spare_spans.empty() &&
                     words.spans[0].begin == words.spare_spans[0].begin;
    words.spans.swap(words.spare_spans);
}

class Split final : public PreTokenizer {
public:
    Split(std::unique_ptr<TextPattern> pattern, Behavior behavior, bool invert)
        : pattern_(std::move(pattern)), behavior_(behavior), invert_(invert) {}

    void apply(Words& words) const override {
        auto& cut = words.spare_spans;
        cut.clear();
        for (const auto& span : words.spans)
            cut_word(words, span, cut);
        take(words);
    }

private:
    void cut_word(Words& words, const TextSpan& span, std::vector<TextSpan>& spans) const {
        words.matches.clear();
        pattern_->find(words.word(span), words.matches);
        const auto first = spans.size();
        Cut cut(behavior_, spans);
        auto done = span.begin;
        for (const auto& match : words.matches) {
            const TextSpan found{span.begin + match.begin, span.begin + match.end};
            if (found.begin > done) cut.add({{done, found.begin}, invert_});
            cut.add({found, !invert_});
            done = found.end;
        }
        if (done < span.end) cut.add({{done, span.end}, invert_});
        spans.erase(std::remove_if(spans.begin() + static_cast<std::ptrdiff_t>(first), spans.end(),
                                   [](const TextSpan& word) { return word.begin == word.end; }),
                    spans.end());
    }

    std::unique_ptr<TextPattern> pattern_;
    Behavior behavior_;
    bool invert_;
};

/// Rewrites the words, concatenated.
template <typename Write>
void rewrite(Words& words, Write write) {
    words.spare_text.clear();
    for (auto& span : words.spans) {
        const auto begin = words.spare_text.size();
        write(words.word(span), begin == 0, words.spare_text);
        span = {begin, words.spare_text.size()};
    }
    words.rewritten.swap(words.spare_text);
    words.text = words.rewritten;
}

class PrefixSpace final : public PreTokenizer {
public:
    void apply(Words& words) const override {
        rewrite(words, [](std::string_view word, bool /*first*/, std::string& out) {
            if (!word.starts_with(' ')) out += ' ';
            out += word;
        });
    }
};

enum class PrependScheme { kAlways, kFirst, kNever };

class Metaspace final : public PreTokenizer {
public:
    Metaspace(std::string replacement, PrependScheme scheme, bool split)
        : replacement_(std::move(replacement)), scheme_(scheme), split_(split) {}

    void apply(Words& words) const override {
        const bool at_start = words.at_start;
        rewrite(words, [&](std::string_view word, bool first, std::string& out) {
            const bool wanted = scheme_ == PrependScheme::kAlways ||
                                (scheme_ == PrependScheme::kFirst && first && at_start);
            const bool there = word.starts_with(' ') || word.starts_with(replacement_);
            if (wanted && !there) out += replacement_;
            for (const char c : word) {
                if (c == ' ') {
                    out += replacement_;
                } else {
                    out += c;
                }
            }
        });
        if (split_) split(words);
    }

private:
    /// A word starts at each replacement character.
    void split(Words& words) const {
        auto& cut = words.spare_spans;
        cut.clear();
        for (const auto& span : words.spans) {
            auto begin = span.begin;
            for (auto at = words.text.find(replacement_, begin + 1); at < span.end;
                 at = words.text.find(replacement_, begin + 1)) {
                cut.push_back({begin, at});
                begin = at;
            }
            cut.push_back({begin, span.end});
        }
        take(words);
    }

    std::string replacement_;  ///< one character
    PrependScheme scheme_;
    bool split_;
};

class WhitespaceSplit final : public PreTokenizer {
public:
    void apply(Words& words) const override {
        auto& cut = words.spare_spans;
        cut.clear();
        for (const auto& span : words.spans) {
            auto begin = span.begin;
            for (auto i = begin; i < span.end;) {
                const auto at = i;
                if (!unicode::is_whitespace(unicode::next(words.text, i))) continue;
                if (at > begin) cut.push_back({begin, at});
                begin = i;
            }
            if (span.end > begin) cut.push_back({begin, span.end});
        }
        take(words);
    }
};

Behavior behavior_of(const JsonFields& fields) {
    const auto name = fields.one_of(
        "behavior", {"Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"});
    if (name == "Removed") return Behavior::kRemoved;
    if (name == "Isolated") return Behavior::kIsolated;
    if (name == "MergedWithPrevious") return Behavior::kMergedWithPrevious;
    return name == "MergedWithNext" ? Behavior::kMergedWithNext : Behavior::kContiguous;
}

std::unique_ptr<PreTokenizer> read_metaspace(const JsonFields& fields) {
    const auto replacement = fields.text("replacement");
    std::size_t one = 0;
    if (!replacement.empty()) unicode::next(replacement, one);
    if (one == 0 || one != replacement.size() || replacement == " ") {
        fields.fail("replacement", replacement, "one character, not a space");
    }
    auto scheme = PrependScheme::kAlways;
    if (fields.has("prepend_scheme")) {
        const auto name = fields.one_of("prepend_scheme", {"always", "first", "never"});
        if (name == "first") scheme = PrependScheme::kFirst;
        if (name == "never") scheme = PrependScheme::kNever;
    }
    if (fields.has("add_prefix_space") && !fields.boolean("add_prefix_space")) {
        if (scheme != PrependScheme::kNever && fields.has("prepend_scheme")) {
            fields.fail("prepend_scheme", fields.at("prepend_scheme"),
                        "never, as add_prefix_space is false");
        }
        scheme = PrependScheme::kNever;
    }
    const bool split = !fields.has("split") || fields.boolean("split");
    return std::make_unique<Metaspace>(replacement, scheme, split);
}

void read_one(const JsonFields& fields, int depth, PreTokenizers& all) {
    const auto type =
        fields.one_of("type", {"Split", "ByteLevel", "Metaspace", "WhitespaceSplit", "Sequence"});
    if (all.bytes) fields.fail("type", type, "nothing behind ByteLevel");
    if (all.steps.size() >= kMaxSteps) fields.fail("type", type, "fewer steps");
    if (type == "Split") {
        all.steps.push_back(std::make_unique<Split>(read_pattern(fields, "pattern"),
                                                    behavior_of(fields), fields.boolean("invert")));
    } else if (type == "ByteLevel") {
        if (fields.boolean("add_prefix_space"))
            all.steps.push_back(std::make_unique<PrefixSpace>());
        if (!fields.has("use_regex") || fields.boolean("use_regex")) {
            all.steps.push_back(
                std::make_unique<Split>(gpt2_pattern(), Behavior::kIsolated, false));
        }
        all.bytes = true;
    } else if (type == "Metaspace") {
        all.steps.push_back(read_metaspace(fields));
    } else if (type == "WhitespaceSplit") {
        all.steps.push_back(std::make_unique<WhitespaceSplit>());
    } else {
        if (depth == kMaxDepth) fields.fail("type", type, "fewer Sequences inside each other");
        for (const auto& value : fields.array("pretokenizers"))
            read_one(fields.inside(value, "pretokenizers"), depth + 1, all);
    }
}

}  // namespace

PreTokenizers read_pre_tokenizers(const JsonFields& top) {
    PreTokenizers all;
    if (top.has("pre_tokenizer")) read_one(top.object("pre_tokenizer"), 0, all);
    return all;
}

}  // namespace pmatch
