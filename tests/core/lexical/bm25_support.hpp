/// Small lexical indexes for tests.
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/lexical/bm25_builder.hpp"
#include "tests/support/temp_dir.hpp"

namespace pmatch::test {

/// Text i is of row i.
inline FileRecord write_index(const std::filesystem::path& file,
                              const std::vector<std::string>& texts,
                              const Bm25Options& options = {},
                              std::size_t memory = Bm25Builder::kMemory) {
    Bm25Builder builder(file, options, memory);
    for (std::size_t i = 0; i < texts.size(); ++i)
        builder.add(static_cast<std::int64_t>(i), texts[i]);
    return builder.finish({Source::text(), "stamp", 7});
}

inline Bm25Index make_index(const TempDir& dir, const std::vector<std::string>& texts,
                            const Bm25Options& options = {}) {
    const auto file = dir / "text.words.bm25";
    return Bm25Index::open(file, write_index(file, texts, options));
}

/// Texts of words that are the rarer the higher their number; some are empty.
inline std::vector<std::string> random_texts(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::geometric_distribution<int> word(0.03);
    std::uniform_int_distribution<int> length(0, 20);
    std::vector<std::string> texts(count);
    for (auto& text : texts) {
        for (int left = length(random); left > 0; --left)
            text += "w" + std::to_string(word(random)) + " ";
    }
    return texts;
}

}  // namespace pmatch::test
