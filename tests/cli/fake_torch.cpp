/// Stands in for the library that includes torch, with one thing wrong about it: see
/// CMakeLists.txt.
#include "models/torch/torch_library.hpp"
#include "models/torch/torch_stamp.hpp"

#ifdef FAKE_MISSING
extern "C" void symbol_of_another_torch();
#endif

extern "C" const pmatch::TorchFunctions* pmatch_torch() {
#ifdef FAKE_MISSING
    symbol_of_another_torch();
#endif
    static const pmatch::TorchFunctions functions{
        FAKE_STAMP, pmatch::kTorchVersion, FAKE_TORCH, nullptr, nullptr, nullptr, nullptr, nullptr};
    return &functions;
}
