/// Internal to core/encoders: how a table of kinds finds the one that a word denotes.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "core/common/error.hpp"

namespace pmatch {

/// The first kind that recognises the word; `what` a kind is of, for people: "model". Throws
/// UsageError if there is none.
template <typename Kind>
const Kind& kind_of(const std::vector<std::shared_ptr<const Kind>>& kinds, std::string_view word,
                    const char* what) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const auto& one) { return one->recognises(word); });
    if (kind != kinds.end()) return **kind;
    throw UsageError{fmt::format("this program has no kind of {} that '{}' could name", what, word),
                     "name a model package"};
}

/// For what a collection recorded: the command line is not at fault, so a UsageError of `find` is
/// thrown as Error.
template <typename Find>
auto find_recorded(const Find& find) {
    try {
        return find();
    } catch (const UsageError& error) {
        throw Error{error.what(), error.file(), error.remedy()};
    }
}

}  // namespace pmatch
