/// Where an input of an encoder or of a lexical index comes from.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// A small value. Words stand for it in flags, presets, manifests and indexes alone: parse() and
/// name() are the border, and give each other's argument back.
class Source {
public:
    enum class Kind {
        kPictures,  ///< "image": each picture of an item is an input
        kText,      ///< "text": the item's text, of the columns that make it
        kCaptions,  ///< "caption": what a model wrote of each picture
        kColumn,    ///< any other word: the column of that name
    };

    /// The item's text.
    Source() = default;
    static Source pictures() { return parse("image"); }
    static Source text() { return parse("text"); }
    static Source captions() { return parse("caption"); }
    /// Never fails: whether there is such a column only the items know.
    static Source parse(std::string_view word);

    Kind kind() const { return kind_; }
    /// The word of flags and files.
    const std::string& name() const { return name_; }

    /// Inputs are pictures; else they are texts.
    bool is_picture() const { return kind_ == Kind::kPictures; }
    bool is_caption() const { return kind_ == Kind::kCaptions; }
    bool is_text() const { return kind_ == Kind::kText; }

    friend bool operator==(const Source&, const Source&) = default;

private:
    Kind kind_ = Kind::kText;
    std::string name_ = "text";
};

}  // namespace pmatch
