/// Model packages as a kind of captioner: `pmatch caption --model` is a directory or a name under
/// $PMATCH_MODELS.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/encoders/captioner_kind.hpp"

namespace pmatch {

class PackageCaptionerKind final : public CaptionerKind {
public:
    /// Any word, so that this kind comes last.
    bool recognises(std::string_view word) const override;
    std::unique_ptr<CaptionerModel> find(const std::string& word) const override;
};

}  // namespace pmatch
