/// What the files that see torch's headers share.
#pragma once

#include <c10/core/Device.h>

#include <exception>
#include <string>

#include "models/runtime/device.hpp"

namespace pmatch {

/// The line that says what happened, without the stack traces around it.
std::string torch_reason(const std::exception& e);

/// The interpreter of TorchScript rethrows everything as std::runtime_error, text included.
bool is_out_of_memory(const std::exception& e);

/// A forward pass frees megabytes that the next one asks for again. By default glibc gives them
/// back to the system in between, and the page faults take a tenth of the time.
void keep_freed_memory();

/// Has torch's allocator ask the system for pages of 2 MB, where it has not allocated yet: a
/// decoder reads gigabytes of weights for each token, and looking up small pages is a tenth of that
/// time. The environment's own THP_MEM_ALLOC_ENABLE goes before.
void ask_for_huge_pages();

c10::Device torch_device(const Device& device);

}  // namespace pmatch
