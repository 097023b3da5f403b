#include "models/encoder/long_text_fingerprint.hpp"

#include <nlohmann/json.hpp>

#include "models/package/sha256.hpp"

namespace pmatch {

std::string fingerprint_with(const Package& package, std::string_view precision,
                             LongTexts long_texts) {
    auto fingerprint = package.fingerprint(precision);
    if (long_texts == LongTexts::kCut) return fingerprint;
    // Keys that no package and no built-in descriptor hashes.
    const nlohmann::json all{{"cut", fingerprint}, {"long", "mean"}};
    return sha256(all.dump());
}

}  // namespace pmatch
