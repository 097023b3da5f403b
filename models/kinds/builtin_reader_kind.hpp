/// Built-in readers as a kind of captioner: `pmatch caption --model builtin:NAME`. They run on the
/// CPU while pictures are prepared, on all threads, and never open the torch library.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoders/builtin_reader.hpp"
#include "core/encoders/captioner_kind.hpp"

namespace pmatch {

class BuiltinReaderKind final : public CaptionerKind {
public:
    /// All readers of the program, with unique names.
    explicit BuiltinReaderKind(std::vector<BuiltinReader> readers);

    /// Everything that starts with "builtin:"; a directory of such a name is written "./builtin:…".
    bool recognises(std::string_view word) const override;
    /// Throws UsageError, listing the readers.
    std::unique_ptr<CaptionerModel> find(const std::string& word) const override;

private:
    std::vector<BuiltinReader> readers_;
};

}  // namespace pmatch
