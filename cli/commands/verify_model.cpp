#include <fmt/format.h>

#include <iostream>
#include <vector>

#include "cli/commands/model_commands.hpp"
#include "cli/engine/encoder_kinds.hpp"
#include "core/text/text_table.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch::cli {
namespace {

void print(const std::vector<StageReport>& reports) {
    Table table({{"stage"},
                 {"examples", Table::Align::kRight},
                 {"largest difference"},
                 {"allowed"},
                 {"verdict"}});
    for (const auto& report : reports) {
        if (report.compared == 0) {
            table.add({report.stage, "0", "", report.allowed, "not in this package"});
        } else {
            table.add({report.stage, std::to_string(report.compared), report.largest,
                       report.allowed, report.good ? "as the reference" : "differs"});
        }
    }
    table.print(std::cout);
}

}  // namespace

ExitCode verify_model(const VerifyModelOptions& options, Context& context) {
    const auto model = encoder_kinds().find(options.package);
    const auto examples = model->golden_examples();
    LoadOptions load;
    load.device = options.device;
    load.precision = options.precision;
    load.threads = context.options.threads;
    load.note = [&](const std::string& text) { context.console.note(text); };
    const auto encoder = model->open_one(load);
    context.console.detail(fmt::format("model verify: {} on {}, precision {}", model->facts().name,
                                       encoder->info().device, encoder->info().precision));
    context.console.note(fmt::format("model verify: replaying {} examples", examples));
    const auto reports = model->verify(*encoder, FilePictureReader());
    print(reports);
    std::cout.flush();
    for (const auto& report : reports) {
        if (report.good) continue;
        throw Error{fmt::format("{} differ{} from the reference's: {}", report.stage,
                                report.stage.ends_with('s') ? "" : "s", report.detail),
                    model->facts().package,
                    "export the package again with scripts/export_model.py; a vector that differs "
                    "only at this --precision is its rounding"};
    }
    return ExitCode::kDone;
}

}  // namespace pmatch::cli
