#include "models/json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "core/json_complaint.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kShownCharacters = 80;

std::string shown(const nlohmann::json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return fmt::format("an array of {}", value.size());
    auto text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    if (text.size() > kShownCharacters) text = text.substr(0, kShownCharacters) + "...";
    return text;
}

}  // namespace

JsonFields::JsonFields(const nlohmann::json& value, std::string name, std::string file,
                       std::string fix)
    : value_(value), name_(std::move(name)), file_(std::move(file)), fix_(std::move(fix)) {
    if (!value_.is_object()) {
        throw Error{fmt::format("{} is {}, expected an object", name_.empty() ? "the file" : name_,
                                shown(value_)),
                    file_, fix_};
    }
}

nlohmann::json JsonFields::parse(const std::string& text, const std::string& file,
                                 const std::string& fix) {
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::exception& e) {
        throw Error{fmt::format("this is not JSON: {}", json_complaint(e)), file, fix};
    }
}

std::string JsonFields::full_name(const std::string& key) const {
    return name_.empty() ? key : name_ + "." + key;
}

void JsonFields::fail(const std::string& key, const nlohmann::json& found,
                      const std::string& wanted) const {
    throw Error{fmt::format("'{}' is {}, expected {}", full_name(key), shown(found), wanted), file_,
                fix_};
}

bool JsonFields::has(const char* key) const {
    const auto found = value_.find(key);
    return found != value_.end() && !found->is_null();
}

const nlohmann::json& JsonFields::at(const char* key) const {
    const auto found = value_.find(key);
    if (found == value_.end()) {
        throw Error{fmt::format("'{}' is missing", full_name(key)), file_, fix_};
    }
    return *found;
}

JsonFields JsonFields::inside(const nlohmann::json& value, const std::string& key) const {
    return {value, full_name(key), file_, fix_};
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
                               std::initializer_list<std::string_view> allowed) const {
    const auto& value = at(key);
    if (value.is_string()) {
        for (const auto word : allowed) {
            if (value.get_ref<const std::string&>() == word) return std::string(word);
        }
    }
    fail(key, value, fmt::format("one of {}", fmt::join(allowed, ", ")));
}

bool JsonFields::boolean(const char* key) const {
    const auto& value = at(key);
    if (!value.is_boolean()) fail(key, value, "true or false");
    return value.get<bool>();
}

std::int64_t JsonFields::integer(const char* key, std::int64_t least, std::int64_t most) const {
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

double JsonFields::number(const char* key, double least, double most) const {
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

}  // namespace pmatch
