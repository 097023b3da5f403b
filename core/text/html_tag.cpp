#include "core/text/html_tag.hpp"

#include <algorithm>
#include <array>

#include "core/text/ascii.hpp"

namespace pmatch::html {
namespace {

// All ascending.
constexpr auto kInline = std::to_array<std::string_view>(
    {"a",     "abbr",   "acronym", "b",   "bdi",  "bdo",  "big",  "blink", "cite",  "code",
     "data",  "del",    "dfn",     "em",  "font", "i",    "ins",  "kbd",   "label", "mark",
     "meter", "nobr",   "output",  "q",   "rp",   "rt",   "ruby", "s",     "samp",  "small",
     "span",  "strike", "strong",  "sub", "sup",  "time", "tt",   "u",     "var",   "wbr"});
constexpr auto kBlocks = std::to_array<std::string_view>(
    {"address",  "area",     "article",  "aside",      "audio",    "base",     "blockquote",
     "body",     "br",       "button",   "canvas",     "caption",  "center",   "col",
     "colgroup", "dd",       "details",  "dialog",     "dir",      "div",      "dl",
     "dt",       "embed",    "fieldset", "figcaption", "figure",   "footer",   "form",
     "frame",    "frameset", "h1",       "h2",         "h3",       "h4",       "h5",
     "h6",       "head",     "header",   "hr",         "html",     "iframe",   "img",
     "input",    "legend",   "li",       "link",       "main",     "map",      "menu",
     "meta",     "nav",      "noscript", "object",     "ol",       "optgroup", "option",
     "p",        "param",    "picture",  "pre",        "progress", "section",  "select",
     "source",   "summary",  "svg",      "table",      "tbody",    "td",       "textarea",
     "tfoot",    "th",       "thead",    "title",      "tr",       "track",    "ul",
     "video"});
constexpr auto kNotShown = std::to_array<std::string_view>({"script", "style", "template"});
/// Elements whose tag alone tells HTML; <S>, <small> or <table> may be a word in angle brackets.
constexpr auto kSure = std::to_array<std::string_view>(
    {"br", "dd", "div", "dl",   "dt",     "em",    "h1", "h2", "h3",    "h4", "h5", "h6", "hr",
     "li", "ol", "p",   "span", "strong", "tbody", "td", "th", "thead", "tr", "ul", "wbr"});
/// Attributes that may stand without a value.
constexpr auto kFlags = std::to_array<std::string_view>(
    {"allowfullscreen", "async",    "autoplay", "checked", "compact",     "controls", "defer",
     "disabled",        "download", "hidden",   "ismap",   "itemscope",   "loop",     "multiple",
     "muted",           "noshade",  "nowrap",   "open",    "playsinline", "readonly", "required",
     "reversed",        "selected"});

template <typename List>
bool holds(const List& list, std::string_view name) {
    return std::binary_search(list.begin(), list.end(), name);
}

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_name_character(char c) {
    return ascii::is_alphanumeric(c) || c == ':' || c == '-';
}

/// Reads from left to right.
class Reader {
public:
    Reader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

    std::size_t at() const { return at_; }
    bool at_end() const { return at_ >= text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[at_]; }

    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    template <typename Wanted>
    std::string_view take_while(Wanted wanted) {
        const auto begin = at_;
        while (!at_end() && wanted(text_[at_]))
            ++at_;
        return text_.substr(begin, at_ - begin);
    }
    /// What stands before `word`, which is taken, too; nullopt if it does not come.
    std::optional<std::string_view> take_through(std::string_view word) {
        const auto found = text_.find(word, at_);
        if (found == std::string_view::npos) return std::nullopt;
        const auto before = text_.substr(at_, found - at_);
        at_ = found + word.size();
        return before;
    }

private:
    std::string_view text_;
    std::size_t at_;
};

bool take_value(Reader& reader) {
    for (const std::string_view quote : {"\"", "'"}) {
        if (reader.take(quote)) return reader.take_through(quote).has_value();
    }
    const auto value = reader.take_while([](char c) {
        return !is_blank(c) && std::string_view("\"'=<>`").find(c) == std::string_view::npos;
    });
    return !value.empty();
}

/// Attributes up to '>'; false if they are not well-formed.
bool take_attributes(Reader& reader, Tag& tag) {
    while (true) {
        reader.take_while(is_blank);
        if (reader.take(">") || reader.take("/>")) return true;
        const auto name = ascii::lowercase(reader.take_while([](char c) {
            return !is_blank(c) && std::string_view("\"'=<>/").find(c) == std::string_view::npos;
        }));
        if (name.empty()) return false;
        reader.take_while(is_blank);
        if (reader.take("=")) {
            reader.take_while(is_blank);
            if (!take_value(reader)) return false;
            tag.has_values = true;
        } else if (!holds(kFlags, name) && !name.starts_with("data-")) {
            return false;
        }
    }
}

/// A tag of an element, from behind '<'.
bool take_element(Reader& reader, Tag& tag) {
    tag.closing = reader.take("/");
    if (!ascii::is_letter(reader.peek())) return false;
    tag.name = ascii::lowercase(reader.take_while(is_name_character));
    if (tag.closing) {
        reader.take_while(is_blank);
        return reader.take(">");
    }
    const bool ends = reader.peek() == '>' || reader.peek() == '/' || is_blank(reader.peek());
    return ends && take_attributes(reader, tag);
}

/// Whether `last`, a place or npos, lies behind `at`.
bool comes_later(std::size_t last, std::size_t at) {
    return last != std::string_view::npos && last > at;
}

static_assert(std::is_sorted(kInline.begin(), kInline.end()));
static_assert(std::is_sorted(kBlocks.begin(), kBlocks.end()));
static_assert(std::is_sorted(kSure.begin(), kSure.end()));
static_assert(std::is_sorted(kFlags.begin(), kFlags.end()));

}  // namespace

std::optional<Leaves> element(std::string_view name) {
    if (holds(kInline, name)) return Leaves::kNothing;
    if (holds(kBlocks, name)) return Leaves::kBlank;
    if (holds(kNotShown, name)) return Leaves::kNoContent;
    return std::nullopt;
}

bool Tag::is_sure_sign() const {
    return name.empty() || closing || holds(kSure, name) || (has_values && element(name));
}

TagFinder::TagFinder(std::string_view text)
    : text_(text),
      last_end_(text.rfind('>')),
      last_equals_(text.rfind('=')),
      last_comment_(text.rfind("-->")),
      last_cdata_(text.rfind("]]>")) {}

std::optional<Tag> TagFinder::tag_at(std::size_t at) const {
    if (!comes_later(last_end_, at)) return std::nullopt;
    Reader reader(text_, at + 1);
    Tag tag;
    std::optional<std::string_view> inside;
    if (comes_later(last_comment_, at) && reader.take("!--")) {
        inside = reader.take_through("-->");
    } else if (comes_later(last_cdata_, at) && reader.take("![CDATA[")) {
        inside = tag.content = reader.take_through("]]>").value_or("");
    } else if (reader.take("!DOCTYPE") || reader.take("!doctype") || reader.take("?xml")) {
        inside = reader.take_through(">");
    } else if (take_element(reader, tag)) {
        inside = tag.name;
    }
    if (!inside) return std::nullopt;
    tag.end = reader.at();
    return tag;
}

bool TagFinder::is_cut_tag(std::size_t at) const {
    if (comes_later(last_end_, at)) return false;
    Reader reader(text_, at + 1);
    if (reader.take("!--")) return true;
    reader.take("/");
    const auto name = ascii::lowercase(reader.take_while(is_name_character));
    if (reader.at_end()) return true;
    return element(name).has_value() && comes_later(last_equals_, at);
}

}  // namespace pmatch::html
