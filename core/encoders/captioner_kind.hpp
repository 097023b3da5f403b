/// The kinds of captioners: a package of networks, a reader built into the program, or future ones.
/// A new kind implements CaptionerKind and is added to the program's table.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/source.hpp"
#include "core/encoders/caption_settings.hpp"
#include "core/encoders/captioner.hpp"

namespace pmatch {

struct CaptionerFacts {
    std::string name;     ///< as shown by `status` and messages; CaptionerInfo::name
    std::string package;  ///< what `--model` accepts from any directory; CaptionerInfo::package
    Source captions;  ///< what it writes: Source::captions() of descriptions, others of readings
};

/// A captioner found by `--model`, whose networks are loaded only when captions are needed.
/// Read-only; safe to use from many threads.
class CaptionerModel {
public:
    virtual ~CaptionerModel() = default;

    virtual const CaptionerFacts& facts() const = 0;
    /// Fills unset settings with the model's; those of a model without settings are "", 0 and 1.
    /// Throws UsageError for invalid values, and for settings that the model does not have.
    virtual CaptionSettings complete(const CaptionSettings& settings) const = 0;
    /// SHA-256 of everything that determines a caption at this precision; `settings` may be
    /// incomplete.
    virtual std::string fingerprint(const CaptionSettings& settings,
                                    const std::string& precision) const = 0;
    /// Throws UsageError for an option that is unknown or does not fit, Error for any problem with
    /// the model.
    virtual std::unique_ptr<Captioner> open(const CaptionerOptions& options) const = 0;
};

/// Safe to use from many threads.
class CaptionerKind {
public:
    virtual ~CaptionerKind() = default;

    /// Whether `word`, the argument of `--model`, denotes a captioner of this kind, existing or
    /// not.
    virtual bool recognises(std::string_view word) const = 0;
    /// Throws UsageError or Error if there is no such captioner.
    virtual std::unique_ptr<CaptionerModel> find(const std::string& word) const = 0;
};

/// The kinds of a program in order of precedence: the first that recognises a word is used.
class CaptionerKinds {
public:
    explicit CaptionerKinds(std::vector<std::shared_ptr<const CaptionerKind>> kinds);

    /// The captioner that `--model` denotes.
    std::unique_ptr<CaptionerModel> find(const std::string& word) const;
    /// The captioner that a collection recorded. Throws Error, never UsageError, as the command
    /// line is not at fault.
    std::unique_ptr<CaptionerModel> find_again(const std::string& package) const;

private:
    std::vector<std::shared_ptr<const CaptionerKind>> kinds_;
};

}  // namespace pmatch
