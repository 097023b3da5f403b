#include "tests/gpu/ballast.hpp"

#include <ATen/DeviceAccelerator.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

namespace pmatch::test {

struct Ballast::Impl {
    at::Tensor memory;
};

Ballast::Ballast(std::size_t left) : impl_(std::make_unique<Impl>()) {
    at::accelerator::emptyCache();
    const auto available = at::accelerator::getMemoryInfo(0).first;
    if (available <= left) return;
    impl_->memory = at::empty({static_cast<std::int64_t>(available - left)},
                              at::TensorOptions(at::kByte).device(at::kCUDA, 0));
}

Ballast::~Ballast() {
    impl_.reset();
    at::accelerator::emptyCache();
}

}  // namespace pmatch::test
