#include "core/text/json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/json_error_text.hpp"
#include "core/text/json_text.hpp"

namespace pmatch {
namespace {

std::string cut(std::string text, std::size_t most, const char* rest) {
    return text.size() > most ? text.substr(0, most) + rest : text;
}

}  // namespace

JsonFields::JsonFields(const nlohmann::json& value, std::string name, std::string file,
                       std::string fix, Voice voice)
    : value_(value),
      name_(std::move(name)),
      file_(std::move(file)),
      fix_(std::move(fix)),
      voice_(voice) {
    if (value_.is_object()) return;
    if (voice_ == Voice::kPerson) fail({}, value_, "an object");
    refuse(fmt::format("{} is {}, expected an object", name_.empty() ? "the file" : name_,
                       shown(value_)));
}

nlohmann::json JsonFields::parse(const std::string& text, const std::string& file,
                                 const std::string& fix) {
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::exception& e) {
        throw Error{fmt::format("this is not JSON: {}", json_complaint(e)), file, fix};
    }
}

std::string JsonFields::joined(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string JsonFields::shown(const nlohmann::json& value) const {
    if (voice_ == Voice::kPerson) return cut(json_text(value), 60, "…");
    if (value.is_object()) return "an object";
    if (value.is_array()) return fmt::format("an array of {}", value.size());
    return cut(value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace), 80, "...");
}

std::string JsonFields::full_name(const std::string& key) const {
    if (key.empty()) return name_;
    return name_.empty() ? key : name_ + "." + key;
}

void JsonFields::refuse(const std::string& what) const {
    throw Error{what, file_, fix_};
}

void JsonFields::fail(const std::string& key, const nlohmann::json& found,
                      const std::string& wanted) const {
    const auto name = full_name(key);
    if (voice_ == Voice::kProgram)
        refuse(fmt::format("'{}' is {}, expected {}", name, shown(found), wanted));
    refuse(fmt::format("the field '{}' is {}, wanted: {}", name.empty() ? "(the whole file)" : name,
                       shown(found), wanted));
}

void JsonFields::fail_missing(const std::string& key, const std::string& wanted) const {
    if (voice_ == Voice::kProgram) refuse(fmt::format("'{}' is missing", full_name(key)));
    refuse(fmt::format("the field '{}' is missing, wanted: {}", full_name(key), wanted));
}

bool JsonFields::has(const char* key) const {
    const auto found = value_.find(key);
    return found != value_.end() && !found->is_null();
}

const nlohmann::json& JsonFields::at(const std::string& key) const {
    const auto found = value_.find(key);
    if (found == value_.end()) fail_missing(key, "a value");
    return *found;
}

JsonFields JsonFields::inside(const nlohmann::json& value, const std::string& key) const {
    return {value, full_name(key), file_, fix_, voice_};
}

JsonFields JsonFields::object(const char* key) const {
    return inside(at(key), key);
}

std::string JsonFields::text(const char* key) const {
    const auto& value = at(key);
    if (!value.is_string()) fail(key, value, "a string");
    return value.get<std::string>();
}

std::string JsonFields::one_of(const char* key,
                               const std::vector<std::string_view>& allowed) const {
    const auto& value = at(key);
    if (value.is_string()) {
        for (const auto word : allowed) {
            if (value.get_ref<const std::string&>() == word) return std::string(word);
        }
    }
    fail(key, value, fmt::format("one of {}", fmt::join(allowed, ", ")));
}

bool JsonFields::boolean(const std::string& key) const {
    const auto& value = at(key);
    if (!value.is_boolean()) fail(key, value, "true or false");
    return value.get<bool>();
}

std::int64_t JsonFields::integer(const std::string& key, std::int64_t least,
                                 std::int64_t most) const {
    const auto& value = at(key);
    const auto wanted = [&] { return fmt::format("a whole number from {} to {}", least, most); };
    if (!value.is_number_integer()) fail(key, value, wanted());
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(most)) {
        fail(key, value, wanted());
    }
    const auto number = value.get<std::int64_t>();
    if (number < least || number > most) fail(key, value, wanted());
    return number;
}

double JsonFields::number(const std::string& key, double least, double most) const {
    const auto& value = at(key);
    const auto wanted = [&] { return fmt::format("a number from {} to {}", least, most); };
    if (!value.is_number()) fail(key, value, wanted());
    const auto number = value.get<double>();
    if (!std::isfinite(number) || number < least || number > most) fail(key, value, wanted());
    return number;
}

const nlohmann::json& JsonFields::array(const char* key) const {
    const auto& value = at(key);
    if (!value.is_array()) fail(key, value, "an array");
    return value;
}

const nlohmann::json* JsonFields::find(const std::string& key) {
    asked_.insert(key);
    const auto found = value_.find(key);
    return found == value_.end() ? nullptr : &*found;
}

std::string JsonFields::text_or(const std::string& key, const std::string& otherwise) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_string() || value->get_ref<const std::string&>().empty())
        fail(key, *value, "a string that is not empty");
    return value->get<std::string>();
}

bool JsonFields::boolean_or(const std::string& key, bool otherwise) {
    return find(key) == nullptr ? otherwise : boolean(key);
}

int JsonFields::integer_or(const std::string& key, int otherwise, int least, int most) {
    return find(key) == nullptr ? otherwise : static_cast<int>(integer(key, least, most));
}

double JsonFields::number_or(const std::string& key, double otherwise, double least, double most) {
    return find(key) == nullptr ? otherwise : number(key, least, most);
}

std::vector<std::string> JsonFields::names_or_none(const std::string& key) {
    const auto* value = find(key);
    if (value == nullptr) return {};
    const bool fits = value->is_array() && !value->empty() &&
                      std::all_of(value->begin(), value->end(),
                                  [](const nlohmann::json& one) { return one.is_string(); });
    if (!fits) fail(key, *value, "a list of names");
    return value->get<std::vector<std::string>>();
}

void JsonFields::refuse_unknown() const {
    for (const auto& [key, value] : value_.items()) {
        if (asked_.contains(key)) continue;
        refuse(fmt::format("the field '{}' is not known here, wanted: one of {}", full_name(key),
                           fmt::join(asked_, ", ")));
    }
}

}  // namespace pmatch
