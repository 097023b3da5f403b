#include "models/kinds/builtin_reader_kind.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "core/encoders/reading_captioner.hpp"
#include "models/kinds/builtin_word.hpp"
#include "models/kinds/settingless.hpp"
#include "models/package/sha256.hpp"

namespace pmatch {
namespace {

class BuiltinReaderModel final : public CaptionerModel {
public:
    explicit BuiltinReaderModel(BuiltinReader reader) : reader_(std::move(reader)) {
        facts_.name = std::string(kBuiltinPrefix) + reader_.name;
        facts_.package = facts_.name;
        facts_.captions = Source::captions(reader_.name);
    }

    const CaptionerFacts& facts() const override { return facts_; }
    CaptionSettings complete(const CaptionSettings& settings) const override {
        return without_settings(settings, facts_.name);
    }
    std::string fingerprint(const CaptionSettings& settings,
                            const std::string& precision) const override;
    std::unique_ptr<Captioner> open(const CaptionerOptions& options) const override;

private:
    BuiltinReader reader_;
    CaptionerFacts facts_;
};

/// Uses other keys than packages and descriptors do, so that none has the same fingerprint.
std::string BuiltinReaderModel::fingerprint(const CaptionSettings& settings,
                                            const std::string& precision) const {
    complete(settings);
    const nlohmann::json all{
        {"reader", reader_.name}, {"settings", reader_.settings}, {"precision", precision}};
    return sha256(all.dump());
}

std::unique_ptr<Captioner> BuiltinReaderModel::open(const CaptionerOptions& options) const {
    complete(options.settings);
    check_builtin_load(facts_.name, options.load);
    return std::make_unique<ReadingCaptioner>(
        reader_.read, reader_.nothing,
        CaptionerInfo{facts_.name, facts_.package, fingerprint(options.settings, kBuiltinPrecision),
                      kBuiltinPrecision, "cpu"});
}

}  // namespace

BuiltinReaderKind::BuiltinReaderKind(std::vector<BuiltinReader> readers)
    : readers_(std::move(readers)) {}

bool BuiltinReaderKind::recognises(std::string_view word) const {
    return is_builtin(word);
}

std::unique_ptr<CaptionerModel> BuiltinReaderKind::find(const std::string& word) const {
    if (const auto* found = find_builtin(readers_, word))
        return std::make_unique<BuiltinReaderModel>(*found);
    throw UsageError{fmt::format("there is no built-in reader '{}': this build has {}", word,
                                 builtin_names(readers_)),
                     "name one of these, or a model package"};
}

}  // namespace pmatch
