#pragma once

namespace pmatch {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace pmatch
