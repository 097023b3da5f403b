/// The only exported symbol of the library that includes torch.
#include <torch/csrc/inductor/aoti_torch/c/shim.h>
#include <torch/headeronly/version.h>

#include <string>

#include "models/torch/torch_library.hpp"
#include "models/torch/torch_side.hpp"
#include "models/torch/torch_stamp.hpp"

namespace pmatch {
namespace {

/// "2.13.0" from libtorch's version number: one byte per part, starting with the highest.
std::string version_text(std::uint64_t version) {
    const auto byte = [&](unsigned shift) { return std::to_string((version >> shift) & 0xFFU); };
    return byte(56) + "." + byte(48) + "." + byte(40);
}

}  // namespace
}  // namespace pmatch

extern "C" const pmatch::TorchFunctions* pmatch_torch() {
    static const std::string found = pmatch::version_text(aoti_torch_abi_version());
    static const pmatch::TorchFunctions functions{
        pmatch::kTorchStamp,
        TORCH_VERSION,
        found.c_str(),
        pmatch::torch_side::cuda_devices,
        pmatch::torch_side::set_threads_of_a_pass,
        pmatch::torch_side::load_module,
        pmatch::torch_side::load_caption_network,
        pmatch::torch_side::load_pixel_network,
    };
    return &functions;
}
