/// Layouts of a vector index: FAISS factory strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pmatch {

/// `auto` searches exactly up to this many vectors.
inline constexpr std::int64_t kLargestAutoFlat = 200'000;
/// `auto` uses a graph (HNSW) over float32 vectors up to this many; above, IVF with fp16 vectors.
inline constexpr std::int64_t kLargestAutoHnsw = 2'000'000;

/// Resolves "auto" for `count` vectors (Flat, HNSW32 or IVF<4 sqrt(count)>,SQfp16); returns other
/// layouts unchanged.
std::string resolve_layout(const std::string& layout, std::int64_t count);

/// Throws UsageError for strings that crash FAISS's factory. FAISS itself validates all others
/// later.
void check_layout(const std::string& layout);

/// Throws the UsageError for an invalid layout, with valid examples.
[[noreturn]] void refuse_layout(const std::string& layout, std::string_view reason);

}  // namespace pmatch
