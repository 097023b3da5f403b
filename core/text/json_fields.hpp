/// Internal: reads JSON written by others. Each value is fetched by name and checked on the way.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pmatch {

/// One JSON object (or array) of a file and how to call it in a message. Every function throws an
/// Error that names the field by its whole path, the value found and the value wanted.
class JsonFields {
public:
    /// How messages are worded: about a file that a program wrote, or that a person did.
    enum class Voice {
        kProgram,  ///< 'image.std' is an array of 2, expected …
        kPerson,   ///< the field 'fuse.k' is "much", wanted: …
    };

    JsonFields(const nlohmann::json& value, std::string name, std::string file, std::string fix,
               Voice voice = Voice::kProgram);

    /// Reads the file and parses it; its top must be an object.
    static nlohmann::json parse(const std::string& text, const std::string& file,
                                const std::string& fix);

    // Values that must be there.
    bool has(const char* key) const;  ///< there and not null
    JsonFields object(const char* key) const;
    std::string text(const char* key) const;
    std::string one_of(const char* key, std::initializer_list<std::string_view> allowed) const;
    bool boolean(const std::string& key) const;
    std::int64_t integer(const std::string& key, std::int64_t least, std::int64_t most) const;
    double number(const std::string& key, double least, double most) const;
    const nlohmann::json& array(const char* key) const;

    // Values with a default. What was never asked for in this way is what refuse_unknown() refuses.
    const nlohmann::json* find(const std::string& key);  ///< null: it is not there
    std::string text_or(const std::string& key, const std::string& otherwise);  ///< not empty
    bool boolean_or(const std::string& key, bool otherwise);
    int integer_or(const std::string& key, int otherwise, int least, int most);
    double number_or(const std::string& key, double otherwise, double least, double most);
    /// Names; none where it is not there, which an empty list is not.
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
    /// With a sentence of one's own about the file.
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
