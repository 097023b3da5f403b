#include "models/text/normalizer.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "models/text/normal_form.hpp"
#include "models/text/precompiled_charsmap.hpp"
#include "models/text/text_pattern.hpp"
#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxSteps = 64;
constexpr std::size_t kMaxContent = 4096;                 // bytes inserted by one replacement
constexpr std::size_t kMaxText = std::size_t{32} << 20U;  // maximum size of a text in bytes

void check_size(std::size_t size) {
    if (size > kMaxText) {
        throw Error{
            fmt::format("a text of {} bytes after normalisation, the limit is {}", size, kMaxText),
            {},
            "shorten the text, or use a tokenizer.json that replaces less"};
    }
}

std::string content_of(const JsonFields& fields, const char* key) {
    auto content = fields.text(key);
    if (content.size() > kMaxContent) {
        fields.fail(key, content, fmt::format("at most {} bytes", kMaxContent));
    }
    return content;
}

/// The new origin after `change` was applied to a text.
template <typename Change>
void change_from_origin(std::string& text, std::size_t& origin, Change change) {
    auto first = text.substr(0, origin);
    change(text);
    if (origin == 0 || text.empty()) {
        origin = 0;
        return;
    }
    change(first);
    std::size_t one = 0;  // later characters may have been joined with the first
    unicode::next(text, one);
    origin = std::min(text.size(), std::max(first.size(), one));
}

class Form final : public Normalizer {
public:
    explicit Form(NormalForm form) : form_(form) {}
    void apply(std::string& text, std::size_t& origin) const override {
        change_from_origin(text, origin, [this](std::string& part) { normalize(form_, part); });
    }

private:
    NormalForm form_;
};

class Lowercase final : public Normalizer {
public:
    void apply(std::string& text, std::size_t& origin) const override {
        change_from_origin(text, origin, unicode::lowercase);
    }
};

class Strip final : public Normalizer {
public:
    Strip(bool left, bool right) : left_(left), right_(right) {}

    void apply(std::string& text, std::size_t& origin) const override {
        std::size_t end = text.size();
        while (right_ && end > 0) {
            const auto c = unicode::last(text, end);
            if (!unicode::is_whitespace(c)) break;
            end -= c < 0x80 ? 1 : c < 0x800 ? 2 : 3;  // no blank lies above U+FFFF
        }
        text.resize(end);
        std::size_t begin = 0;
        for (auto i = begin; left_ && i < text.size(); begin = i) {
            if (!unicode::is_whitespace(unicode::next(text, i))) break;
        }
        text.erase(0, begin);
        origin = std::min(text.size(), origin - std::min(origin, begin));
    }

private:
    bool left_;
    bool right_;
};

class StripAccents final : public Normalizer {
public:
    void apply(std::string& text, std::size_t& origin) const override {
        std::string out;
        std::size_t first = 0;
        for (std::size_t i = 0; i < text.size();) {
            const auto begin = i;
            if (!unicode::is_mark(unicode::next(text, i))) out.append(text, begin, i - begin);
            if (begin < origin) first = out.size();
        }
        origin = first;
        text.swap(out);
    }
};

class Replace final : public Normalizer {
public:
    Replace(std::unique_ptr<TextPattern> pattern, std::string content)
        : pattern_(std::move(pattern)), content_(std::move(content)) {}

    void apply(std::string& text, std::size_t& origin) const override {
        std::vector<TextSpan> matches;
        pattern_->find(text, matches);
        if (matches.empty()) return;
        std::string out;
        out.reserve(text.size());
        std::size_t first = 0;
        std::size_t done = 0;
        const auto keep = [&](std::size_t end) {
            if (done < origin) first = out.size() + std::min(end, origin) - done;
            out.append(text, done, end - done);
        };
        for (const auto& match : matches) {
            if (match.begin > done) keep(match.begin);
            out += content_;
            // The replacement takes the position of the match's last byte.
            if (match.end > 0 && match.end <= origin) first = out.size();
            done = match.end;
            check_size(out.size());
        }
        if (done < text.size()) keep(text.size());
        origin = first;
        text.swap(out);
    }

private:
    std::unique_ptr<TextPattern> pattern_;
    std::string content_;
};

class Prepend final : public Normalizer {
public:
    explicit Prepend(std::string content) : content_(std::move(content)) {}
    void apply(std::string& text, std::size_t& origin) const override {
        if (text.empty()) return;
        text.insert(0, content_);
        if (origin > 0) origin += content_.size();
    }

private:
    std::string content_;
};

class Precompiled final : public Normalizer {
public:
    explicit Precompiled(PrecompiledCharsmap map) : map_(std::move(map)) {}
    void apply(std::string& text, std::size_t& origin) const override {
        map_.apply(text, origin);
        check_size(text.size());
    }

private:
    PrecompiledCharsmap map_;
};

class Sequence final : public Normalizer {
public:
    explicit Sequence(std::vector<std::unique_ptr<Normalizer>> steps) : steps_(std::move(steps)) {}
    void apply(std::string& text, std::size_t& origin) const override {
        for (const auto& step : steps_)
            step->apply(text, origin);
    }

private:
    std::vector<std::unique_ptr<Normalizer>> steps_;
};

std::optional<std::string> decode_base64(const std::string& text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    if (text.size() % 4 != 0 || text.size() > (std::size_t{1} << 28U)) return {};
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0) return {};
    // The decoder counts padding as zero bytes.
    const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

std::unique_ptr<Normalizer> read_precompiled(const JsonFields& fields, int) {
    const auto bytes = decode_base64(fields.text("precompiled_charsmap"));
    auto map = bytes ? PrecompiledCharsmap::parse(*bytes) : std::nullopt;
    if (!map) {
        fields.fail("precompiled_charsmap", fields.at("precompiled_charsmap"),
                    "a character map of SentencePiece in base64");
    }
    return std::make_unique<Precompiled>(std::move(*map));
}

std::unique_ptr<Normalizer> read_one(const JsonFields& fields, int depth);

std::unique_ptr<Normalizer> read_sequence(const JsonFields& fields, int depth) {
    if (depth == kMaxDepth) fields.fail("type", "Sequence", "fewer Sequences inside each other");
    const auto& list = fields.array("normalizers");
    if (list.size() > kMaxSteps) fields.fail("normalizers", list, "fewer steps");
    std::vector<std::unique_ptr<Normalizer>> steps;
    for (const auto& value : list)
        steps.push_back(read_one(fields.inside(value, "normalizers"), depth + 1));
    return std::make_unique<Sequence>(std::move(steps));
}

/// `depth`: how many Sequences the step lies in.
using Reader = std::unique_ptr<Normalizer> (*)(const JsonFields& fields, int depth);

template <NormalForm form>
std::unique_ptr<Normalizer> read_form(const JsonFields&, int) {
    return std::make_unique<Form>(form);
}

template <typename Step>
std::unique_ptr<Normalizer> read_plain(const JsonFields&, int) {
    return std::make_unique<Step>();
}

std::unique_ptr<Normalizer> read_strip(const JsonFields& fields, int) {
    return std::make_unique<Strip>(fields.boolean("strip_left"), fields.boolean("strip_right"));
}

std::unique_ptr<Normalizer> read_replace(const JsonFields& fields, int) {
    return std::make_unique<Replace>(read_pattern(fields, "pattern"),
                                     content_of(fields, "content"));
}

std::unique_ptr<Normalizer> read_prepend(const JsonFields& fields, int) {
    return std::make_unique<Prepend>(content_of(fields, "prepend"));
}

struct StepType {
    std::string_view type;  ///< as tokenizer.json says it
    Reader read;
};

constexpr std::array kStepTypes{
    StepType{"NFC", read_form<NormalForm::kNfc>},
    StepType{"NFD", read_form<NormalForm::kNfd>},
    StepType{"NFKC", read_form<NormalForm::kNfkc>},
    StepType{"NFKD", read_form<NormalForm::kNfkd>},
    StepType{"Lowercase", read_plain<Lowercase>},
    StepType{"Strip", read_strip},
    StepType{"StripAccents", read_plain<StripAccents>},
    StepType{"Replace", read_replace},
    StepType{"Prepend", read_prepend},
    StepType{"Precompiled", read_precompiled},
    StepType{"Sequence", read_sequence},
};

std::unique_ptr<Normalizer> read_one(const JsonFields& fields, int depth) {
    std::vector<std::string_view> types;
    for (const auto& step : kStepTypes)
        types.push_back(step.type);
    const auto type = fields.one_of("type", types);
    return std::find_if(kStepTypes.begin(), kStepTypes.end(),
                        [&](const auto& step) { return step.type == type; })
        ->read(fields, depth);
}

}  // namespace

std::unique_ptr<Normalizer> read_normalizer(const JsonFields& top) {
    return top.has("normalizer") ? read_one(top.object("normalizer"), 0) : nullptr;
}

}  // namespace pmatch
