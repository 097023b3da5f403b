#include "core/index/index_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

constexpr int kSmallestHnsw = 2;    // smaller values make FAISS divide by log(0) or log(1)
constexpr int kLargestHnsw = 1024;  // neighbours per vector; 16 to 64 are usual
constexpr std::size_t kLongestLayout = 200;
constexpr std::size_t kMostDigits = 7;  // FAISS allocates according to the number without checking

bool is_digit(unsigned char c) {
    return std::isdigit(c) != 0;
}

}  // namespace

std::string resolve_layout(const std::string& layout, std::int64_t count) {
    if (layout != "auto") return layout;
    if (count <= kLargestAutoFlat) return "Flat";
    if (count <= kLargestAutoHnsw) return "HNSW32";
    const auto lists = std::lround(4 * std::sqrt(static_cast<double>(count)));
    return fmt::format("IVF{},SQfp16", lists);
}

void refuse_layout(const std::string& layout, std::string_view reason) {
    throw UsageError{fmt::format("the layout '{}' {}", layout, reason),
                     "use --layout auto, Flat, HNSW32, \"IVF1024,Flat\", \"IVF1024,SQfp16\" or "
                     "another FAISS factory string"};
}

void check_layout(const std::string& layout) {
    if (layout.empty() || layout.size() > kLongestLayout) {
        refuse_layout(layout.substr(0, kLongestLayout), "is not a FAISS factory string");
    }
    if (layout.find("IDMap") != std::string::npos) {
        refuse_layout(layout, "renumbers the vectors; their ids must be positions");
    }
    for (auto at = layout.begin(); at != layout.end();) {
        at = std::find_if(at, layout.end(), is_digit);
        const auto end = std::find_if_not(at, layout.end(), is_digit);
        if (at == end) break;
        if (static_cast<std::size_t>(end - at) > kMostDigits) {
            refuse_layout(layout, "has a number that is too large");
        }
        const int number = std::stoi(std::string(at, end));
        const auto before = layout.substr(0, static_cast<std::size_t>(at - layout.begin()));
        if (before.ends_with("HNSW") && (number < kSmallestHnsw || number > kLargestHnsw)) {
            refuse_layout(layout, fmt::format("asks for {} neighbours, HNSW takes {} to {}", number,
                                              kSmallestHnsw, kLargestHnsw));
        }
        if (before.ends_with("IVF") && number == 0) refuse_layout(layout, "asks for 0 lists");
        at = end;
    }
}

}  // namespace pmatch
