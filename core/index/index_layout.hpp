/// Layouts of a vector index: FAISS factory strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pmatch {

/// Up to this many vectors `auto` searches exactly.
inline constexpr std::int64_t kLargestAutoFlat = 200'000;
/// Up to this many `auto` keeps a graph over float32 vectors; above, lists of fp16 ones.
inline constexpr std::int64_t kLargestAutoHnsw = 2'000'000;

/// `layout`, or what "auto" means for `count` vectors: Flat, HNSW32, IVF<4 sqrt(count)>,SQfp16.
std::string resolve_layout(const std::string& layout, std::int64_t count);

/// Throws UsageError for strings that FAISS's factory does not survive. FAISS is asked later
/// about all others.
void check_layout(const std::string& layout);

/// The UsageError for a layout, with examples of good ones.
[[noreturn]] void refuse_layout(const std::string& layout, std::string_view reason);

}  // namespace pmatch
