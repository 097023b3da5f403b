#include "core/common/schema.hpp"

#include <fmt/format.h>

#include "core/common/error.hpp"

namespace pmatch {

void check_schema(const Schema& schema, std::string_view name, int version, std::string_view file) {
    if (name != schema.name) {
        throw Error{fmt::format("this is a '{}' file, expected '{}'", name, schema.name),
                    std::string(file), "give the path of a file that pmatch wrote for this use"};
    }
    if (version > schema.current) {
        throw Error{fmt::format("{} format {} is newer than this pmatch (reads {} to {})",
                                schema.name, version, schema.oldest_readable, schema.current),
                    std::string(file), "upgrade pmatch, or write the file again with this version"};
    }
    if (version < schema.oldest_readable) {
        throw Error{fmt::format("{} format {} is older than this pmatch reads ({} to {})",
                                schema.name, version, schema.oldest_readable, schema.current),
                    std::string(file), "write the file again with this version"};
    }
}

}  // namespace pmatch
