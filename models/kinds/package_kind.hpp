/// Model packages as a kind of encoder: `--model` is a directory or a name under $PMATCH_MODELS.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/encoders/encoder_kind.hpp"

namespace pmatch {

class PackageKind final : public EncoderKind {
public:
    /// Accepts everything: it is the last of the kinds.
    bool recognises(std::string_view word) const override;
    /// Also finds packages that write texts, which have a description and files, but no vectors.
    std::unique_ptr<EncoderModel> find(const std::string& word) const override;
    /// Looks at the recorded path first, then for its name.
    std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                             const std::string& name) const override;
};

}  // namespace pmatch
