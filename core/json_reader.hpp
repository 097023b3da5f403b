/// Internal to core: reads JSON objects of a preset file, and says what is wrong with them.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace pmatch {

using Json = nlohmann::json;

[[noreturn]] inline void refuse(const std::string& file, const std::string& what) {
    throw Error{what, file, "mend the file; `pmatch presets show hybrid` prints a good one"};
}

/// Reads the members of one object, and complains about those that nobody asked for.
class JsonReader {
public:
    JsonReader(const Json& json, std::string path, std::string file)
        : json_(json), path_(std::move(path)), file_(std::move(file)) {
        if (!json_.is_object()) fail_type(path_, json_, "an object");
    }

    const Json* find(const std::string& key) {
        asked_.insert(key);
        const auto at = json_.find(key);
        return at == json_.end() ? nullptr : &*at;
    }
    std::string string(const std::string& key, const std::string& otherwise) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        if (!value->is_string() || value->get_ref<const std::string&>().empty())
            fail_type(named(key), *value, "a string that is not empty");
        return value->get<std::string>();
    }
    bool boolean(const std::string& key, bool otherwise) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        if (!value->is_boolean()) fail_type(named(key), *value, "true or false");
        return value->get<bool>();
    }
    double number(const std::string& key, double otherwise, double least, double most) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        const bool fits =
            value->is_number() && value->get<double>() >= least && value->get<double>() <= most;
        if (!fits)
            fail_type(named(key), *value, fmt::format("a number from {} to {}", least, most));
        return value->get<double>();
    }
    int integer(const std::string& key, int otherwise, int least, int most) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        const bool fits = value->is_number_integer() && value->get<double>() >= least &&
                          value->get<double>() <= most;
        if (!fits)
            fail_type(named(key), *value, fmt::format("a whole number from {} to {}", least, most));
        return value->get<int>();
    }
    template <typename Enum>
    Enum choice(const std::string& key, const std::vector<std::pair<std::string, Enum>>& names,
                Enum otherwise) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        std::vector<std::string> wanted;
        for (const auto& [name, meaning] : names) {
            if (value->is_string() && value->get_ref<const std::string&>() == name) return meaning;
            wanted.push_back(name);
        }
        fail_type(named(key), *value, fmt::format("{}", fmt::join(wanted, ", ")));
    }
    std::vector<std::string> strings(const std::string& key) {
        const auto* value = find(key);
        std::vector<std::string> result;
        if (value == nullptr) return result;
        const bool fits = value->is_array() && !value->empty() &&
                          std::all_of(value->begin(), value->end(),
                                      [](const Json& one) { return one.is_string(); });
        if (!fits) fail_type(named(key), *value, "a list of names");
        return value->get<std::vector<std::string>>();
    }

    std::string named(const std::string& key) const {
        return path_.empty() ? key : path_ + "." + key;
    }
    [[noreturn]] void fail_type(const std::string& field, const Json& found,
                                const std::string& wanted) const {
        auto text = json_text(found);
        if (text.size() > 60) text = text.substr(0, 60) + "…";
        refuse(file_, fmt::format("the field '{}' is {}, wanted: {}",
                                  field.empty() ? "(the whole file)" : field, text, wanted));
    }
    [[noreturn]] void fail_missing(const std::string& key, const std::string& wanted) const {
        refuse(file_, fmt::format("the field '{}' is missing, wanted: {}", named(key), wanted));
    }
    void refuse_unknown() const {
        for (const auto& [key, value] : json_.items()) {
            if (asked_.contains(key)) continue;
            refuse(file_, fmt::format("the field '{}' is not known here, wanted: one of {}",
                                      named(key), fmt::join(asked_, ", ")));
        }
    }
    const std::string& file() const { return file_; }

private:
    const Json& json_;
    std::string path_;
    std::string file_;
    std::set<std::string> asked_;
};

}  // namespace pmatch
