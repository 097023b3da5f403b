/// Where an input of an encoder or of a lexical index comes from.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// A small value type. The words for it appear only in flags, presets, manifests and indexes:
/// parse() and name() convert, and are inverse to each other.
class Source {
public:
    enum class Kind {
        kPictures,  ///< "image": each picture of an item is an input
        kText,      ///< "text": the item's text, built from its text columns
        kCaptions,  ///< "caption", "caption:code": what a captioner found in each picture
        kColumn,    ///< any other word: the column of that name
    };

    /// The item's text.
    Source() = default;
    static Source pictures() { return parse("image"); }
    static Source text() { return parse("text"); }
    static Source captions() { return parse("caption"); }
    /// Those stored as `name`: "caption" for descriptions, "code" for barcodes, "words" …
    static Source captions(std::string_view name);
    /// Never fails: whether the column exists is only known to the items.
    static Source parse(std::string_view word);

    Kind kind() const { return kind_; }
    /// The word used in flags and files.
    const std::string& name() const { return name_; }

    /// True if inputs are pictures, false if they are texts.
    bool is_picture() const { return kind_ == Kind::kPictures; }
    bool is_caption() const { return kind_ == Kind::kCaptions; }
    /// Of captions: the name under which they are stored.
    std::string caption_name() const;
    bool is_text() const { return kind_ == Kind::kText; }

    friend bool operator==(const Source&, const Source&) = default;

private:
    Kind kind_ = Kind::kText;
    std::string name_ = "text";
};

}  // namespace pmatch
