#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "cli/commands/model_commands.hpp"
#include "cli/engine/encoder_kinds.hpp"
#include "core/text/number_text.hpp"
#include "core/text/text_table.hpp"

namespace pmatch::cli {
namespace {

void print_words(const EncoderModel& model) {
    for (const auto& [label, text] : model.words())
        std::cout << fmt::format("{:<12} {}\n", label, text);
}

/// Prints the files; returns the error of the first damaged one.
std::optional<Error> print_files(const EncoderModel& model) {
    std::optional<Error> damage;
    const auto files = model.files();
    if (files.empty()) return damage;
    Table table({{"file"}, {"bytes", Table::Align::kRight}, {"sha256"}, {"state"}});
    for (const auto& file : files) {
        table.add({file.name, grouped(static_cast<std::int64_t>(file.size)), file.sha256,
                   file.damage ? "damaged or missing" : "as recorded"});
        if (file.damage && !damage) damage.emplace(*file.damage);
    }
    std::cout << '\n';
    table.print(std::cout);
    return damage;
}

void print_fingerprints(const EncoderModel& model) {
    const auto precisions = model.precisions();
    if (precisions.empty()) return;
    Table table({{"precision"}, {"fingerprint"}, {"most lost (1 - cosine)"}});
    for (const auto& precision : precisions)
        table.add({precision.name, precision.fingerprint, precision.loss});
    std::cout << '\n';
    table.print(std::cout);
}

}  // namespace

ExitCode inspect_model(const std::string& name, Context&) {
    const auto model = encoder_kinds().find(name);
    print_words(*model);
    const auto damage = print_files(*model);
    print_fingerprints(*model);
    std::cout.flush();
    if (damage) throw Error{*damage};
    return ExitCode::kDone;
}

}  // namespace pmatch::cli
