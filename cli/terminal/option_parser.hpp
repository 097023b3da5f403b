/// The command line: verbs and their options, each bound to a field of an options struct. Whose
/// parser it is stays in the source. Pointers that are returned live as long as the Program.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pmatch::cli {

/// What an option sets; what it holds before is the default. It must outlive the parsing.
struct Field {
    using Pointer = std::variant<std::string*, std::filesystem::path*, int*, std::size_t*, double*,
                                 std::optional<double>*, std::optional<std::string>*,
                                 std::optional<std::filesystem::path>*, std::vector<std::string>*,
                                 std::vector<int>*, std::vector<float>*, std::optional<int>*>;

    template <typename T>
    Field(T& field) requires std::constructible_from<Pointer, T*> : pointer(&field) {}

    Pointer pointer;
};

struct Check {
    std::function<std::string(const std::string& value)> problem;  ///< empty: the value is good
    std::string shown = {};                                        ///< in --help, behind the type
};
Check range(int least, int most);
Check range(double least, double most);
Check not_negative();
Check one_of(const std::vector<std::string>& values);

class Option {
public:
    struct Impl;
    explicit Option(std::unique_ptr<Impl> impl);
    ~Option();

    Option* required();
    Option* capture_default_str();  ///< for --help, of what the field holds now
    Option* check(Check check);     ///< of each value, before the field is set
    Option* delimiter(char between);
    Option* allow_extra_args(bool allowed);  ///< of a list: several values behind one flag

    std::string name() const;  ///< "--top", or "COLLECTION" of one without dashes
    bool given() const;        ///< once parsed

private:
    std::unique_ptr<Impl> impl_;
};

/// A subcommand, which may have some of its own.
class Verb {
public:
    struct Impl;
    explicit Verb(std::unique_ptr<Impl> impl);
    ~Verb();

    Verb* add_subcommand(const std::string& name, const std::string& help);
    /// `names` as "--top" or "-o,--output"; without dashes it is told by its place.
    Option* add_option(const std::string& names, Field field, const std::string& help);
    Option* add_flag(const std::string& names, bool& field, const std::string& help);
    void require_subcommand(int least, int most = 1);
    void footer(const std::string& text);  ///< of --help; subcommands added later begin with it
    void callback(std::function<void()> parsed);  ///< may throw UsageError

protected:
    std::unique_ptr<Impl> impl_;
};

/// Exactly one verb is wanted; flags of the program itself stand before or behind it.
class Program : public Verb {
public:
    Program(const std::string& name, const std::string& help, const std::string& version);

    void add_to_footers(const std::string& text);  ///< of all verbs that there are

    /// False when it was answered: --help and --version, on stdout. Throws UsageError with the
    /// option or verb that may have been meant.
    bool parse(int argc, char** argv);
    /// The value given to the verb under this name, as it was typed; empty without one.
    std::string given(const std::string& name) const;
};

}  // namespace pmatch::cli
