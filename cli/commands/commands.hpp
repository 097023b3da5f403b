/// One function per subcommand; each is defined in command_<name>.cpp.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/terminal/job.hpp"

namespace pmatch::cli {

void add_ingest(CLI::App& app, Job& job);
void add_embed(CLI::App& app, Job& job);
void add_caption(CLI::App& app, Job& job);
void add_build_index(CLI::App& app, Job& job);
void add_compact(CLI::App& app, Job& job);
void add_query(CLI::App& app, Job& job);
void add_evaluate(CLI::App& app, Job& job);
void add_match(CLI::App& app, Job& job);
void add_tune(CLI::App& app, Job& job);
void add_presets(CLI::App& app, Job& job);
void add_doctor(CLI::App& app, Job& job);
void add_status(CLI::App& app, Job& job);
void add_ledger(CLI::App& app, Job& job);
void add_model(CLI::App& app, Job& job);

}  // namespace pmatch::cli
