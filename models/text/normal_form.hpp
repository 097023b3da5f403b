/// Unicode normal forms in the version of the tokenizers library: Unicode 9.
#pragma once

#include <string>

namespace pmatch {

enum class NormalForm { kNfc, kNfd, kNfkc, kNfkd };

/// Normalises valid UTF-8.
void normalize(NormalForm form, std::string& text);

}  // namespace pmatch
