/// What becomes of a text with more tokens than the model takes.
#pragma once

namespace pmatch {

enum class LongTexts {
    kCut,  ///< what lies beyond the limit is left out
    kMean  ///< it is read in windows; its vector is the mean of theirs, scaled to unit length
};

}  // namespace pmatch
