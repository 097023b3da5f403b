#include "cli/terminal/option_parser.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <deque>
#include <iostream>
#include <string_view>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/did_you_mean.hpp"

namespace pmatch::cli {

struct Option::Impl {
    CLI::Option* option;  ///< of its command
};

struct Verb::Impl {
    CLI::App* app;                           ///< of its parent, or `program`
    std::unique_ptr<CLI::App> program = {};  ///< of the program itself
    std::deque<Option> options = {};
    std::deque<Verb> subcommands = {};

    Option* keep(CLI::Option* option) {
        return &options.emplace_back(std::make_unique<Option::Impl>(Option::Impl{option}));
    }
};

namespace {

Check as_check(const CLI::Validator& validator) {
    return {[validator](const std::string& value) { return validator(value); },
            validator.get_description()};
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(sub->get_name());
    return names;
}

/// Of the command given, and of all.
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

/// CLI11 would answer a mistyped verb with "A subcommand is required".
void check_command(const CLI::App& app, int argc, char** argv) {
    const auto names = command_names(app);
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (!word.starts_with("-")) {
            if (std::find(names.begin(), names.end(), word) != names.end()) return;
            throw UsageError{"unknown command '" + word + "'" + did_you_mean(word, names),
                             "see `" + app.get_name() + " --help` for the commands"};
        }
        const auto* option = app.get_option_no_throw(word);
        if (option != nullptr && option->get_items_expected_max() > 0) ++i;  // its value
    }
}

UsageError usage_error(const CLI::App& app, const CLI::ParseError& error) {
    std::string command = app.get_name();
    std::string what = error.what();
    for (const auto* sub : app.get_subcommands())
        command += " " + sub->get_name();
    // A misspelt flag is the likelier cause of a required one that is missing.
    for (const auto& word : app.remaining(true)) {
        if (!word.starts_with("-")) continue;
        what = "unknown option '" + word + "'";
        if (word.starts_with("--"))
            what += did_you_mean(word.substr(0, word.find('=')), option_names(app));
    }
    return {what, "see `" + command + " --help`"};
}

}  // namespace

Check range(int least, int most) {
    return as_check(CLI::Range(least, most));
}

Check range(double least, double most) {
    return as_check(CLI::Range(least, most));
}

Check not_negative() {
    return as_check(CLI::NonNegativeNumber);
}

Check one_of(const std::vector<std::string>& values) {
    return as_check(CLI::IsMember(values));
}

Option::Option(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Option::~Option() = default;

Option* Option::required() {
    impl_->option->required();
    return this;
}

Option* Option::capture_default_str() {
    impl_->option->capture_default_str();
    return this;
}

Option* Option::check(Check check) {
    impl_->option->check(std::move(check.problem), std::move(check.shown));
    return this;
}

Option* Option::delimiter(char between) {
    impl_->option->delimiter(between);
    return this;
}

Option* Option::allow_extra_args(bool allowed) {
    impl_->option->allow_extra_args(allowed);
    return this;
}

std::string Option::name() const {
    return impl_->option->get_name();
}

bool Option::given() const {
    return impl_->option->count() > 0;
}

Verb::Verb(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Verb::~Verb() = default;

Verb* Verb::add_subcommand(const std::string& name, const std::string& help) {
    auto* app = impl_->app->add_subcommand(name, help);
    return &impl_->subcommands.emplace_back(std::make_unique<Impl>(Impl{app}));
}

Option* Verb::add_option(const std::string& names, Field field, const std::string& help) {
    const auto add = [&](auto* value) { return impl_->app->add_option(names, *value, help); };
    return impl_->keep(std::visit(add, field.pointer));
}

Option* Verb::add_flag(const std::string& names, bool& field, const std::string& help) {
    return impl_->keep(impl_->app->add_flag(names, field, help));
}

void Verb::require_subcommand(int least, int most) {
    impl_->app->require_subcommand(static_cast<std::size_t>(least), static_cast<std::size_t>(most));
}

void Verb::footer(const std::string& text) {
    impl_->app->footer(text);
}

void Verb::callback(std::function<void()> parsed) {
    impl_->app->callback(std::move(parsed));
}

Program::Program(const std::string& name, const std::string& help, const std::string& version)
    : Verb(std::make_unique<Impl>(Impl{nullptr})) {
    impl_->program = std::make_unique<CLI::App>(help, name);
    impl_->app = impl_->program.get();
    impl_->app->set_version_flag("--version", version);
    impl_->app->require_subcommand(1);
    impl_->app->fallthrough();
}

void Program::add_to_footers(const std::string& text) {
    for (auto* verb : impl_->app->get_subcommands({}))
        verb->footer(verb->get_footer() + text);
}

bool Program::parse(int argc, char** argv) {
    auto& app = *impl_->app;
    check_command(app, argc, argv);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) throw usage_error(app, error);
        app.exit(error, std::cout, std::cout);
        return false;
    }
    return true;
}

std::string Program::given(const std::string& name) const {
    for (const auto* verb : impl_->app->get_subcommands()) {
        const auto* option = verb->get_option_no_throw(name);
        if (option != nullptr && !option->empty()) return option->as<std::string>();
    }
    return {};
}

}  // namespace pmatch::cli
