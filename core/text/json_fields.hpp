/// Internal: reads and validates JSON written by others. Each value is fetched by name and checked.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pmatch {

/// One JSON object (or array) of a file and its name in messages. Every function throws an Error
/// that names the field's full path, the value found and the value expected.
class JsonFields {
public:
    /// Style of messages: about a file written by a program, or by a person.
    enum class Voice {
        kProgram,  ///< 'image.std' is an array of 2, expected …
        kPerson,   ///< the field 'fuse.k' is "much", wanted: …
    };

    JsonFields(const nlohmann::json& value, std::string name, std::string file, std::string fix,
               Voice voice = Voice::kProgram);

    /// Parses the file; its top level must be an object.
    static nlohmann::json parse(const std::string& text, const std::string& file,
                                const std::string& fix);

    // Required values.
    bool has(const char* key) const;  ///< present and not null
    JsonFields object(const char* key) const;
    std::string text(const char* key) const;
    std::string one_of(const char* key, const std::vector<std::string_view>& allowed) const;
    bool boolean(const std::string& key) const;
    std::int64_t integer(const std::string& key, std::int64_t least, std::int64_t most) const;
    double number(const std::string& key, double least, double most) const;
    const nlohmann::json& array(const char* key) const;

    // Values with a default. refuse_unknown() rejects all fields that were not fetched this way.
    const nlohmann::json* find(const std::string& key);  ///< nullptr: missing
    std::string text_or(const std::string& key, const std::string& otherwise);  ///< not empty
    bool boolean_or(const std::string& key, bool otherwise);
    int integer_or(const std::string& key, int otherwise, int least, int most);
    double number_or(const std::string& key, double otherwise, double least, double most);
    /// Names; empty if the field is missing, while an empty list is an error.
    std::vector<std::string> names_or_none(const std::string& key);
    template <typename Enum>
    Enum choice_or(const std::string& key, const std::vector<std::pair<std::string, Enum>>& names,
                   Enum otherwise) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        std::vector<std::string> wanted;
        for (const auto& [name, meaning] : names) {
            if (value->is_string() && value->get_ref<const std::string&>() == name) return meaning;
            wanted.push_back(name);
        }
        fail(key, *value, joined(wanted));
    }
    void refuse_unknown() const;

    const nlohmann::json& json() const { return value_; }
    const std::string& file() const { return file_; }
    const nlohmann::json& at(const std::string& key) const;
    JsonFields inside(const nlohmann::json& value, const std::string& key) const;

    [[noreturn]] void fail(const std::string& key, const nlohmann::json& found,
                           const std::string& wanted) const;
    [[noreturn]] void fail_missing(const std::string& key, const std::string& wanted) const;
    /// Throws with the given sentence about the file.
    [[noreturn]] void refuse(const std::string& what) const;

    std::string full_name(const std::string& key) const;  ///< "image.preprocess.std"

private:
    static std::string joined(const std::vector<std::string>& names);
    std::string shown(const nlohmann::json& value) const;

    const nlohmann::json& value_;
    std::string name_;
    std::string file_;
    std::string fix_;
    Voice voice_;
    std::set<std::string> asked_;
};

}  // namespace pmatch
