/// tokenizer.json; one that is read must cut texts within its limit.
#include "models/tokenizer/tokenizer.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::write_scratch("tokenizer.json", fuzz::text_of(data, size));
    fuzz::allow_errors([&] {
        const auto tokenizer = load_tokenizer(file);
        for (const auto* text :
             {"", "Red mug, 12 cm \xE7\x8C\xAB", "a\xff\xcc\x81  [CLS] <s> ##x"}) {
            for (const std::size_t limit : {8, 512}) {
                const auto ids = tokenizer->encode(text, limit);
                fuzz::require(ids.size() <= limit || ids.size() <= tokenizer->special_tokens());
                fuzz::allow_errors([&] { (void)tokenizer->decode(ids); });
            }
        }
    });
    return 0;
}
