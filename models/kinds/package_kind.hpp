/// Model packages as a kind of encoder: `--model` with a directory, or a name under $PMATCH_MODELS.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/encoders/encoder_kind.hpp"

namespace pmatch {

class PackageKind final : public EncoderKind {
public:
    /// Every word: it comes last among the kinds.
    bool recognises(std::string_view word) const override;
    /// Packages that write captions are found, too: they have words and files, and no vectors.
    std::unique_ptr<EncoderModel> find(const std::string& word) const override;
    /// Where it was, or else by its name.
    std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                             const std::string& name) const override;
};

}  // namespace pmatch
