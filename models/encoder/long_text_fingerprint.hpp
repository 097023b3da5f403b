/// The fingerprint of a package's vectors where long texts may be read in windows.
#pragma once

#include <string>
#include <string_view>

#include "core/encoders/long_texts.hpp"
#include "models/package/package.hpp"

namespace pmatch {

/// Package::fingerprint() for LongTexts::kCut.
std::string fingerprint_with(const Package& package, std::string_view precision,
                             LongTexts long_texts);

}  // namespace pmatch
