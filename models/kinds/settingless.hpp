/// Captioners that read what a picture says have nothing to be told: neither prompt nor view.
#pragma once

#include <string>

#include "core/encoders/caption_settings.hpp"

namespace pmatch {

/// The settings of such a captioner, for CaptionerModel::complete(). Throws UsageError if any was
/// given.
CaptionSettings without_settings(const CaptionSettings& given, const std::string& name);

}  // namespace pmatch
