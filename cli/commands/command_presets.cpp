#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "core/preset/preset.hpp"
#include "core/preset/shipped_presets.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/text_table.hpp"

namespace pmatch::cli {
namespace {

ExitCode list_presets() {
    Table table({{"preset"}, {"what it ranks by"}});
    for (const auto& [name, text] : shipped_presets())
        table.add({std::string(name), find_recipe(std::string(name))->description});
    table.print(std::cout);
    return ExitCode::kDone;
}

ExitCode show_preset(const std::string& wanted) {
    std::vector<std::string> names;
    for (const auto& [name, text] : shipped_presets()) {
        if (name == wanted) {
            std::cout << text;
            return ExitCode::kDone;
        }
        names.emplace_back(name);
    }
    throw UsageError{fmt::format("there is no preset '{}'{}", wanted, did_you_mean(wanted, names)),
                     fmt::format("name one of: {}", fmt::join(names, ", "))};
}

}  // namespace

void add_presets(Verb& app, Job& job) {
    auto* cmd = app.add_subcommand("presets", "List the ranking recipes, or print one");
    auto* show = cmd->add_subcommand("show", "Print a preset's file, including comments");
    auto name = std::make_shared<std::string>();
    show->add_option("NAME", *name, "A name of `pmatch presets`")->required();
    show->footer("Example:\n  pmatch presets show hybrid > mine.jsonc");
    cmd->require_subcommand(0, 1);
    cmd->footer(
        "Examples:\n"
        "  pmatch presets\n"
        "  pmatch presets show hybrid > mine.jsonc\n"
        "  pmatch query shop --text 'red mug' --preset ./mine.jsonc");
    cmd->callback([&job] {
        if (!job) job = [](Context&) { return list_presets(); };
    });
    show->callback([name, &job] { job = [name](Context&) { return show_preset(*name); }; });
}

}  // namespace pmatch::cli
