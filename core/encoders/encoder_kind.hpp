/// The ways of having an encoder: a package of networks, a descriptor that is part of the program,
/// or what comes next. A new one implements EncoderKind and stands in the program's table.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/encoders/encoder_model.hpp"

namespace pmatch {

/// Safe to use from many threads.
class EncoderKind {
public:
    virtual ~EncoderKind() = default;

    /// `word`, as `--model` has it, names a model of this kind, whether there is such a one or not.
    virtual bool recognises(std::string_view word) const = 0;
    /// Throws UsageError or Error when there is none of that name.
    virtual std::unique_ptr<EncoderModel> find(const std::string& word) const = 0;
    /// By what a collection recorded of it: ModelFacts::package, which may have moved, and name.
    virtual std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                                     const std::string& name) const = 0;
};

/// The kinds of a program, asked in their order; the first that recognises a word has it.
class EncoderKinds {
public:
    explicit EncoderKinds(std::vector<std::shared_ptr<const EncoderKind>> kinds);

    /// The model that `--model` names.
    std::unique_ptr<EncoderModel> find(const std::string& word) const;
    /// The model that a collection recorded. Throws Error, never UsageError: no command line is to
    /// blame.
    std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                             const std::string& name) const;

private:
    const EncoderKind& kind_of(std::string_view word) const;

    std::vector<std::shared_ptr<const EncoderKind>> kinds_;
};

}  // namespace pmatch
