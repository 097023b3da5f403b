/// Reading JSON written by others: each value is fetched by name and checked on the way.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace pmatch {

/// One JSON object (or array) of a file and how to call it in a message. Every function throws an
/// Error that names the field, the value found and the value wanted.
class JsonFields {
public:
    JsonFields(const nlohmann::json& value, std::string name, std::string file, std::string fix);

    /// Reads the file and parses it; its top must be an object.
    static nlohmann::json parse(const std::string& text, const std::string& file,
                                const std::string& fix);

    bool has(const char* key) const;  ///< there and not null
    JsonFields object(const char* key) const;
    std::string text(const char* key) const;
    std::string one_of(const char* key, std::initializer_list<std::string_view> allowed) const;
    bool boolean(const char* key) const;
    std::int64_t integer(const char* key, std::int64_t least, std::int64_t most) const;
    double number(const char* key, double least, double most) const;
    const nlohmann::json& array(const char* key) const;

    const nlohmann::json& json() const { return value_; }
    const nlohmann::json& at(const char* key) const;
    JsonFields inside(const nlohmann::json& value, const std::string& key) const;

    [[noreturn]] void fail(const std::string& key, const nlohmann::json& found,
                           const std::string& wanted) const;

private:
    std::string full_name(const std::string& key) const;

    const nlohmann::json& value_;
    std::string name_;
    std::string file_;
    std::string fix_;
};

}  // namespace pmatch
