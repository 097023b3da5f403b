/// collection.json whose own checksum is right, as a person or a program may have edited it.
#include <nlohmann/json.hpp>

#include "core/files/hash.hpp"
#include "data/collection/manifest.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

namespace {

std::string sealed(std::string_view text) {
    auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::string(text);
    json.erase("checksum");
    try {
        json["checksum"] = hash128(json.dump()).hex();
        return json.dump();
    } catch (const nlohmann::json::exception&) {
        return std::string(text);  // no UTF-8
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = sealed(fuzz::text_of(data, size));
    fuzz::allow_errors([&] {
        const auto manifest = Manifest::parse(text, "collection.json");
        for (const auto& [path, record] : manifest.files)
            fuzz::require(!path.starts_with("/") && path.find("../") == std::string::npos);
        for (const auto& [space, index] : manifest.indexes)
            fuzz::require(manifest.spaces.contains(space) && index.files.size() == 3);
        (void)Manifest::parse(manifest.dump(), "collection.json");
    });
    return 0;
}
