/// Internal to core/text: the tags of HTML.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pmatch::html {

enum class Leaves {
    kNothing,   ///< a tag inside of a line: <b>, <span>
    kBlank,     ///< a block, a cell, a picture: <p>, <td>, <br>
    kNoContent  ///< what it holds is no text: <script>
};

/// How HTML lays the element out; nullopt: HTML has no such element.
std::optional<Leaves> element(std::string_view name);

struct Tag {
    std::string name;  ///< in lower case; empty for a comment, declaration or instruction
    bool closing = false;
    bool has_values = false;        ///< has an attribute of the form name="value"
    std::size_t end = 0;            ///< behind it
    std::string_view content = {};  ///< of a CDATA section

    /// Whether its like stands in no text that is not HTML.
    bool is_sure_sign() const;
};

/// Finds tags in one text. The text must outlive it.
class TagFinder {
public:
    explicit TagFinder(std::string_view text);

    /// The tag, comment, declaration or instruction that starts at `at`, where '<' stands; nullopt
    /// if what follows is not well-formed as one.
    std::optional<Tag> tag_at(std::size_t at) const;

    /// Whether the text ends inside of the tag that starts at `at`: it was cut there.
    bool is_cut_tag(std::size_t at) const;

private:
    std::string_view text_;
    // Where they stand last, so that no search runs to the end of the text in vain, again and again
    // in a text made of '<'. npos: nowhere.
    std::size_t last_end_;      ///< of '>'
    std::size_t last_equals_;   ///< of '='
    std::size_t last_comment_;  ///< of "-->"
    std::size_t last_cdata_;    ///< of "]]>"
};

}  // namespace pmatch::html
