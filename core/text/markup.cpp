#include "core/text/markup.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/text/html_tag.hpp"

namespace pmatch {
namespace {

using html::Leaves;
using html::Tag;

/// Text in which runs of blanks are one, without any at its ends.
class Flow {
public:
    void add(std::string_view text) {
        for (const char c : without_references(text)) {
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                blank_ = true;
                continue;
            }
            if (blank_ && !text_.empty()) text_ += ' ';
            blank_ = false;
            text_ += c;
        }
    }
    void add_blank() { blank_ = true; }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
    bool blank_ = false;
};

/// The tags of a text that is HTML.
class Document {
public:
    explicit Document(std::string_view text) : text_(text), tags_(text) {
        for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
            const auto tag = tags_.tag_at(at);
            at = tag ? tag->end : at + 1;
            if (!tag) continue;
            sure_ = sure_ || tag->is_sure_sign();
            if (tag->closing) closed_.insert(tag->name);
        }
    }

    bool is_html() const { return sure_; }
    std::string text() const;

private:
    bool is_markup(const Tag& tag) const {
        return tag.name.empty() || html::element(tag.name) || closed_.contains(tag.name);
    }
    /// Behind the content that is not shown.
    std::size_t behind_content(const Tag& tag) const {
        for (auto at = text_.find("</", tag.end); at != std::string_view::npos;
             at = text_.find("</", at + 1)) {
            const auto end = tags_.tag_at(at);
            if (end && end->name == tag.name) return end->end;
        }
        return text_.size();
    }

    std::string_view text_;
    html::TagFinder tags_;
    bool sure_ = false;
    std::set<std::string> closed_;  ///< names of closing tags
};

std::string Document::text() const {
    Flow flow;
    std::size_t done = 0;
    for (auto at = text_.find('<'); at != std::string_view::npos; at = text_.find('<', at)) {
        const auto tag = tags_.tag_at(at);
        if (!tag || !is_markup(*tag)) {
            if (tags_.is_cut_tag(at)) {
                flow.add(text_.substr(done, at - done));
                return flow.take();
            }
            ++at;
            continue;
        }
        flow.add(text_.substr(done, at - done));
        const auto leaves = html::element(tag->name).value_or(Leaves::kBlank);
        if (leaves != Leaves::kNothing) flow.add_blank();
        flow.add(tag->content);
        const bool hidden = leaves == Leaves::kNoContent && !tag->closing;
        done = at = hidden ? behind_content(*tag) : tag->end;
    }
    flow.add(text_.substr(done));
    return flow.take();
}

}  // namespace

std::string without_markup(std::string_view text) {
    if (text.find_first_of("<&") == std::string_view::npos) return std::string(text);
    const Document document(text);
    if (document.is_html()) return without_references(document.text());
    auto plain = without_references(text);
    if (plain == text) return plain;
    const Document inner(plain);
    return inner.is_html() ? inner.text() : without_references(plain);
}

}  // namespace pmatch
