/// Ranking recipes: which space answers which part of a query.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pmatch {

/// What a preset needs to know of a space.
struct SpaceSummary {
    std::string name;
    std::string source;  ///< "image", "text", "caption" or a field's name
};

/// What a query brings.
struct QueryParts {
    bool picture = false;
    bool text = false;
};

/// The recipes that pmatch knows:
///   auto   the picture against the picture space when the query has one and there is one,
///          else the text against the text space
///   image  the picture against the picture space
///   text   the text against the text space
///   NAME   against the space of that name
/// "The picture space" is the one called `image`, else the only one made from pictures; likewise
/// for texts.
class Preset {
public:
    /// Throws UsageError, naming what there is, when no space can serve `name`.
    Preset(std::string name, std::vector<SpaceSummary> spaces);

    const std::string& name() const { return name_; }
    /// The space that answers a query of these parts; nothing when the query lacks what the
    /// recipe compares.
    std::optional<std::string> space_for(const QueryParts& parts) const;

private:
    std::string name_;
    std::optional<std::string> picture_space_;
    std::optional<std::string> text_space_;
};

}  // namespace pmatch
