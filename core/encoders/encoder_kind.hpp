/// The kinds of encoders: a package of networks, a descriptor built into the program, or future
/// ones. A new kind implements EncoderKind and is added to the program's table.
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

    /// Whether `word`, the argument of `--model`, denotes a model of this kind, existing or not.
    virtual bool recognises(std::string_view word) const = 0;
    /// Throws UsageError or Error if there is no such model.
    virtual std::unique_ptr<EncoderModel> find(const std::string& word) const = 0;
    /// Finds the model that a collection recorded: ModelFacts::package, which may have moved, and
    /// name.
    virtual std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                                     const std::string& name) const = 0;
};

/// The kinds of a program in order of precedence: the first that recognises a word is used.
class EncoderKinds {
public:
    explicit EncoderKinds(std::vector<std::shared_ptr<const EncoderKind>> kinds);

    /// The model that `--model` denotes.
    std::unique_ptr<EncoderModel> find(const std::string& word) const;
    /// The model that a collection recorded. Throws Error, never UsageError, as the command line is
    /// not at fault.
    std::unique_ptr<EncoderModel> find_again(const std::string& package,
                                             const std::string& name) const;

private:
    std::vector<std::shared_ptr<const EncoderKind>> kinds_;
};

}  // namespace pmatch
