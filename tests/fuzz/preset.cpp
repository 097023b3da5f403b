/// Preset files.
#include "core/preset/recipe_json.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    pmatch::fuzz::allow_errors([&] {
        (void)pmatch::parse_recipe(pmatch::fuzz::text_of(data, size), "fuzz", "fuzz.jsonc");
    });
    return 0;
}
