/// Unicode's normal forms as the tokenizers library has them: those of Unicode 9.
#pragma once

#include <string>

namespace pmatch {

enum class NormalForm { kNfc, kNfd, kNfkc, kNfkd };

/// Brings valid UTF-8 into the form.
void normalize(NormalForm form, std::string& text);

}  // namespace pmatch
