#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "cli/model_commands.hpp"
#include "cli/table.hpp"
#include "data/image_reader.hpp"
#include "models/load_encoder.hpp"
#include "models/verify_package.hpp"

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
    const auto package = read_package(find_package(options.package));
    if (package.task == kCaptioningTask) {
        throw Error{"packages that write captions hold no golden examples",
                    package.directory / "model.json",
                    "compare with the reference library: tests/models/caption_parity.py"};
    }
    if (package.golden.empty()) {
        throw Error{"the package holds no golden examples to compare with",
                    package.directory / "model.json",
                    "export the package again with scripts/export_model.py"};
    }
    LoadOptions load;
    load.device = options.device;
    load.precision = options.precision;
    load.threads = context.options.threads;
    load.note = [&](const std::string& text) { context.console.note(text); };
    const auto encoder = load_encoder(package.directory, load);
    context.console.detail(fmt::format("model verify: {} on {}, precision {}", package.name,
                                       encoder->info().device, encoder->info().precision));
    context.console.note(fmt::format("model verify: replaying {} examples", package.golden.size()));
    const FilePictureReader reader;
    const auto reports = verify_package(package, *encoder, [&](const std::filesystem::path& file) {
        return reader.read(file, std::nullopt);
    });
    print(reports);
    std::cout.flush();
    for (const auto& report : reports) {
        if (report.good) continue;
        throw Error{fmt::format("{} differ{} from the reference's: {}", report.stage,
                                report.stage.ends_with('s') ? "" : "s", report.detail),
                    package.directory.string(),
                    "export the package again with scripts/export_model.py; a vector that differs "
                    "only at this --precision is its rounding"};
    }
    return ExitCode::kDone;
}

}  // namespace pmatch::cli
