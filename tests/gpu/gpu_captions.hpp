/// Captions of the GPU beside the CPU's.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace pmatch::test {

using Check = std::function<void(bool good, const std::string& what)>;

/// Pictures of many shapes from a fixed seed: token ids of the GPU in fp32 equal to the CPU's, in
/// both views, one at a time and in batches; the smaller precisions begin alike.
void check_captions(const std::filesystem::path& package, const Check& check);

}  // namespace pmatch::test
