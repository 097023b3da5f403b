/// Texts through tokenizers of each kind: the seeds of tokenizer_json, which is named by
/// PMATCH_FUZZ_TOKENIZERS.
#include <vector>

#include "models/tokenizer/tokenizer.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pmatch;

namespace {

std::vector<std::unique_ptr<Tokenizer>> load_all() {
    std::vector<std::unique_ptr<Tokenizer>> all;
    for (const auto& entry : std::filesystem::directory_iterator(PMATCH_FUZZ_TOKENIZERS))
        fuzz::allow_errors([&] { all.push_back(load_tokenizer(entry.path())); });
    fuzz::require(all.size() > 2);
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto tokenizers = load_all();
    const auto text = fuzz::text_of(data, size);
    for (const auto& tokenizer : tokenizers) {
        const auto whole = tokenizer->encode(text, 1U << 20U);
        fuzz::require(whole.size() >= tokenizer->special_tokens());
        const auto cut = tokenizer->encode(text, 16);
        fuzz::require(cut.size() <= 16 && cut.size() <= whole.size());
        fuzz::require(whole == tokenizer->encode(text, 1U << 20U));
    }
    return 0;
}
