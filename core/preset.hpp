/// Ranking recipes: which list answers which part of a query.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace pmatch {

/// What a preset needs to know of a space, or of a lexical index.
struct SpaceSummary {
    std::string name;
    std::string source;      ///< "image", "text", "caption" or a field's name
    std::string analyser{};  ///< of a lexical index; empty for a space
};

/// What a query brings.
struct QueryParts {
    bool picture = false;
    bool text = false;
};

/// What ranks the items: a space, or a lexical index.
struct ListName {
    std::string name;
    bool lexical = false;

    friend bool operator==(const ListName&, const ListName&) = default;
    friend bool operator<(const ListName& a, const ListName& b) {
        return std::tie(a.name, a.lexical) < std::tie(b.name, b.lexical);
    }
};

/// The recipes that pmatch knows:
///   auto     the picture against the picture space when the query has one and there is one,
///            else the text against the text space, or the lexical index when there is no such
///            space
///   image    the picture against the picture space
///   text     the text against the text space
///   lexical  the text against the lexical index: of the source `text`, else of the only source
///            that has one; of its analysers 3gram, else words
///   NAME     against the space or the lexical index of that name
/// "The picture space" is the one called `image`, else the only one made from pictures; likewise
/// for texts.
class Preset {
public:
    /// Throws UsageError, naming what there is, when nothing can serve `name`.
    Preset(std::string name, const std::vector<SpaceSummary>& lists);

    const std::string& name() const { return name_; }
    /// What answers a query of these parts; nothing when the query lacks what the recipe
    /// compares.
    std::optional<ListName> list_for(const QueryParts& parts) const;

private:
    std::string name_;
    std::optional<ListName> for_picture_;
    std::optional<ListName> for_text_;
};

}  // namespace pmatch
