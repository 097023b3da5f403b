/// Built-in descriptors as a kind of encoder: `--model builtin:NAME`. They run on the CPU in fp32
/// while pictures are prepared, and never open the torch library.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoders/builtin.hpp"
#include "core/encoders/encoder_kind.hpp"

namespace pmatch {

class BuiltinKind final : public EncoderKind {
public:
    /// All descriptors of the program, with unique names.
    explicit BuiltinKind(std::vector<Builtin> builtins);

    /// Everything that starts with "builtin:"; a directory of such a name is written "./builtin:…".
    bool recognises(std::string_view word) const override;
    /// Throws UsageError, listing the descriptors.
    std::unique_ptr<EncoderModel> find(const std::string& word) const override;
    std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                             const std::string& name) const override;

private:
    std::vector<Builtin> builtins_;
};

}  // namespace pmatch
