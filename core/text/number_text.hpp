/// Formats numbers for people.
#pragma once

#include <cstdint>
#include <string>

namespace pmatch {

/// 1234567 → "1,234,567".
std::string grouped(std::int64_t number);

/// Seconds as "0.8 s", "2:35" or "1:02:03".
std::string duration(double seconds);

}  // namespace pmatch
