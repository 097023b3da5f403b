/// Descriptors that are part of the program as a kind of encoder: `--model builtin:NAME`. They run
/// on the CPU, in fp32, where pictures are made ready, and never open the library with torch.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoders/builtin.hpp"
#include "core/encoders/encoder_kind.hpp"

namespace pmatch {

inline constexpr std::string_view kBuiltinPrefix = "builtin:";

class BuiltinKind final : public EncoderKind {
public:
    /// All that the program has, each of a name of its own.
    explicit BuiltinKind(std::vector<Builtin> builtins);

    /// Whatever begins with "builtin:"; a directory of such a name is reached as "./builtin:…".
    bool recognises(std::string_view word) const override;
    /// Throws UsageError, naming those there are.
    std::unique_ptr<EncoderModel> find(const std::string& word) const override;
    std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                             const std::string& name) const override;

private:
    std::vector<Builtin> builtins_;
};

}  // namespace pmatch
