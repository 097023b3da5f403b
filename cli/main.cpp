/// Parses, runs the job, and converts exceptions to exit codes.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/terminal/did_you_mean.hpp"
#include "cli/terminal/terminate_handler.hpp"
#include "core/common/version.hpp"
#include "core/threads/cpu_slots.hpp"
#include "core/threads/single_threaded_blas.hpp"
#include "data/collection/collection_lock.hpp"
#include "models/runtime/module.hpp"

namespace {

using pmatch::cli::ExitCode;

constexpr std::string_view kFooter =
    "A first collection:\n"
    "  pmatch ingest shop catalog.csv\n"
    "  pmatch embed shop --model packages/minilm-l6\n"
    "  pmatch build-index shop\n"
    "  pmatch query shop --text 'red mug with white dots'\n"
    "\n"
    "Exit codes: 0 done, 1 error, 2 wrong command line, 3 done but inputs were skipped,\n"
    "4 below the gate of `evaluate`, 130 interrupted.";

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(sub->get_name());
    return names;
}

/// Options of the given command, and global ones.
std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    const auto add = [&](const CLI::App& one) {
        for (const auto* option : one.get_options()) {
            for (const auto& name : option->get_lnames())
                names.push_back("--" + name);
        }
    };
    for (const auto* sub : app.get_subcommands())
        add(*sub);
    add(app);
    return names;
}

/// CLI11 would report a mistyped verb as "A subcommand is required".
const char* unknown_command(const CLI::App& app, int argc, char** argv) {
    const auto names = command_names(app);
    const auto known = [&](std::string_view word) {
        return std::find(names.begin(), names.end(), word) != names.end();
    };
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (!word.starts_with("-")) return known(word) ? nullptr : argv[i];
        const auto* option = app.get_option_no_throw(std::string(word));
        if (option != nullptr && option->get_items_expected_max() > 0) ++i;  // its value
    }
    return nullptr;
}

/// Adds the flags allowed before or after a verb; returns their description for the verbs' help.
std::string add_global_flags(CLI::App& app, pmatch::cli::GlobalOptions& options) {
    std::vector<std::string> names;
    const auto named = [&](CLI::Option* option, const std::string& value) {
        names.push_back(option->get_name() + value);
        return option;
    };
    named(app.add_flag("--quiet", options.quiet, "Say nothing but errors"), "");
    named(app.add_flag("--verbose", options.verbose, "Also say settings and costs"), "");
    named(app.add_option("--threads", options.threads, "Threads to use; 0 = all cores"), " N")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024));
    named(app.add_option("--wait", options.wait,
                         "Seconds to wait for another pmatch that writes to the collection"),
          " SECONDS")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1e6));
    const auto last = names.back();
    names.pop_back();
    return fmt::format("{} and {}", fmt::join(names, ", "), last);
}

int parse_error(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, std::cout, std::cout);
    std::string command = "pmatch";
    std::string what = error.what();
    for (const auto* sub : app.get_subcommands())
        command += " " + sub->get_name();
    // A misspelt flag is a likelier cause than a missing required one.
    for (const auto& word : app.remaining(true)) {
        if (!word.starts_with("-")) continue;
        what = "unknown option '" + word + "'";
        if (word.starts_with("--"))
            what += pmatch::cli::did_you_mean(word.substr(0, word.find('=')), option_names(app));
    }
    std::cerr << "pmatch: error: " << what << "\n  fix:  see `" << command << " --help`\n";
    return static_cast<int>(ExitCode::kUsage);
}

/// The collection of the job; empty if there is none.
std::string collection_of(const CLI::App& app) {
    for (const auto* verb : app.get_subcommands()) {
        for (const char* name : {"COLLECTION", "A"}) {
            const auto* collection = verb->get_option_no_throw(name);
            if (collection != nullptr && !collection->empty()) return collection->as<std::string>();
        }
    }
    return {};
}

int run(const pmatch::cli::Job& job, const std::string& collection, pmatch::cli::Context& context) {
    try {
        const auto code =
            static_cast<int>(pmatch::naming_collection(collection, [&] { return job(context); }));
        std::cout.flush();
        if (!std::cout) {
            throw pmatch::Error{"cannot write the results to standard output",
                                {},
                                "check the disk or the program that reads them"};
        }
        return code;
    } catch (const pmatch::UsageError& error) {
        context.console.error(error);
        return static_cast<int>(ExitCode::kUsage);
    } catch (const pmatch::Error& error) {
        context.console.error(error);
    } catch (const std::bad_alloc&) {
        context.console.error(
            {"out of memory", {}, "run on a machine with more memory, or on less data"});
    } catch (const std::filesystem::filesystem_error& error) {
        context.console.error({error.code().message(), error.path1().string(),
                               "check the path, its permissions and the disk"});
    } catch (const std::system_error& error) {
        context.console.error({std::string("the system refused: ") + error.what(),
                               {},
                               "give it more memory, threads or open files (ulimit -a)"});
    } catch (const std::exception& error) {
        context.console.error({error.what(), {}, "this is a defect of pmatch: please report it"});
    }
    return static_cast<int>(ExitCode::kError);
}

/// Runs before static initialisation of the libraries, which may kill the process if memory is
/// short.
[[gnu::section(".preinit_array"),
  gnu::used]] void (*before_libraries)() =  // NOLINT(*-global-variables)
    pmatch::cli::set_last_words;

}  // namespace

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    pmatch::cli::GlobalOptions options;
    pmatch::cli::Console console;
    pmatch::cli::Job job;

    CLI::App app{"Matches products by picture and text.", "pmatch"};
    app.set_version_flag("--version", std::string("pmatch ") + pmatch::kVersion);
    const auto global_flags = add_global_flags(app, options);
    app.require_subcommand(1);
    app.fallthrough();
    app.footer(std::string(kFooter));

    pmatch::cli::add_ingest(app, job);
    pmatch::cli::add_embed(app, job);
    pmatch::cli::add_caption(app, job);
    pmatch::cli::add_build_index(app, job);
    pmatch::cli::add_compact(app, job);
    pmatch::cli::add_query(app, job);
    pmatch::cli::add_evaluate(app, job);
    pmatch::cli::add_match(app, job);
    pmatch::cli::add_tune(app, job);
    pmatch::cli::add_presets(app, job);
    pmatch::cli::add_status(app, job);
    pmatch::cli::add_doctor(app, job);
    pmatch::cli::add_ledger(app, job);
    pmatch::cli::add_model(app, job);

    for (auto* verb : app.get_subcommands({})) {
        verb->footer(verb->get_footer() + "\nEvery verb also takes " + global_flags + ".");
    }
    if (const char* word = unknown_command(app, argc, argv)) {
        const auto meant = pmatch::cli::did_you_mean(word, command_names(app));
        console.error(pmatch::UsageError{"unknown command '" + std::string(word) + "'" + meant,
                                         "see `pmatch --help` for the commands"});
        return static_cast<int>(ExitCode::kUsage);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return parse_error(app, error);
    }
    using Level = pmatch::cli::Console::Level;
    console.set_level(options.quiet     ? Level::kQuiet
                      : options.verbose ? Level::kVerbose
                                        : Level::kNormal);
    pmatch::set_lock_wait(options.wait);
    pmatch::set_cpu_slots(options.threads);
    // torch, FAISS and their BLAS take the number of threads from the calling thread.
    if (options.threads > 0) {
        pmatch::set_library_threads(options.threads);
        pmatch::set_threads_of_a_pass(options.threads);
    }
    pmatch::cli::Context context{options, console};
    return run(job, collection_of(app), context);
}
