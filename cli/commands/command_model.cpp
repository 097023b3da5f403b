#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/model_commands.hpp"

namespace pmatch::cli {
namespace {

constexpr const char* kPackageHelp = "Model package: a directory, or a name under $PMATCH_MODELS";

void add_inspect(Verb& model, Job& job) {
    auto package = std::make_shared<std::string>();
    auto* cmd = model.add_subcommand("inspect",
                                     "Print a model package's description, files and fingerprints");
    cmd->add_option("PACKAGE", *package, kPackageHelp)->required();
    cmd->footer("Example:\n  pmatch model inspect minilm-l6");
    cmd->callback([package, &job] {
        job = [package](Context& context) { return inspect_model(*package, context); };
    });
}

void add_verify(Verb& model, Job& job) {
    auto options = std::make_shared<VerifyModelOptions>();
    auto* cmd = model.add_subcommand(
        "verify",
        "Recompute a package's golden examples and compare every stage with the reference");
    cmd->add_option("PACKAGE", options->package, kPackageHelp)->required();
    cmd->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")
        ->capture_default_str();
    cmd->add_option("--precision", options->precision, "fp32, bf16, fp16 or int8")
        ->capture_default_str();
    cmd->footer(
        "Examples:\n"
        "  pmatch model verify minilm-l6\n"
        "  pmatch model verify minilm-l6 --precision int8\n"
        "Exit 1 names the first stage that differs.");
    cmd->callback([options, &job] {
        job = [options](Context& context) { return verify_model(*options, context); };
    });
}

}  // namespace

void add_model(Verb& app, Job& job) {
    auto* model = app.add_subcommand("model", "Look at model packages: inspect, verify");
    model->require_subcommand(1);
    add_inspect(*model, job);
    add_verify(*model, job);
}

}  // namespace pmatch::cli
