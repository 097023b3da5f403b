/// The subcommands; each lives in command_<name>.cpp.
#pragma once

#include "cli/terminal/job.hpp"
#include "cli/terminal/option_parser.hpp"

namespace pmatch::cli {

using AddCommand = void(Verb& app, Job& job);

AddCommand add_ingest, add_embed, add_caption, add_plan, add_merge, add_build_index, add_compact,
    add_push, add_query, add_evaluate, add_match, add_tune, add_serve, add_presets, add_status,
    add_doctor, add_ledger, add_model;

/// In the order of `pmatch --help`.
inline constexpr AddCommand* kCommands[] = {
    add_ingest,  add_embed,   add_caption, add_plan,     add_merge,  add_build_index,
    add_compact, add_push,    add_query,   add_evaluate, add_match,  add_tune,
    add_serve,   add_presets, add_status,  add_doctor,   add_ledger, add_model};

}  // namespace pmatch::cli
