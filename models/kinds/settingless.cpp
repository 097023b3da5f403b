#include "models/kinds/settingless.hpp"

#include <fmt/format.h>

#include "core/common/error.hpp"

namespace pmatch {

CaptionSettings without_settings(const CaptionSettings& given, const std::string& name) {
    CaptionSettings none{{}, 0, {}, 1};
    const CaptionSettings unset;
    const auto refuse = [&](const char* flag) {
        throw UsageError{fmt::format("{} reads what a picture says, and has no {}", name, flag),
                         fmt::format("leave {} out", flag)};
    };
    if (given.prompt != none.prompt) refuse("--prompt");
    if (given.max_tokens != none.max_tokens) refuse("--max-tokens");
    if (given.view != none.view && given.view != unset.view) refuse("--view");
    if (given.repetition_penalty != none.repetition_penalty &&
        given.repetition_penalty != unset.repetition_penalty)
        refuse("--repetition-penalty");
    return none;
}

}  // namespace pmatch
