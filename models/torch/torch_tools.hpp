/// Helpers for files that include torch's headers.
#pragma once

#include <c10/core/Device.h>

#include <exception>
#include <string>

#include "models/runtime/device.hpp"

namespace pmatch {

/// The relevant line of torch's message, without stack traces.
std::string torch_reason(const std::exception& e);

/// Recognised by the text, as TorchScript's interpreter rethrows everything as std::runtime_error.
bool is_out_of_memory(const std::exception& e);

/// A forward pass frees megabytes that the next one allocates again. By default glibc returns them
/// to the system in between, and page faults take a tenth of the time.
void keep_freed_memory();

/// Lets torch's allocator use 2 MB pages, if it has not allocated yet: a decoder reads gigabytes of
/// weights per token, a tenth of which is spent on address translation with small pages. An
/// existing THP_MEM_ALLOC_ENABLE in the environment takes precedence.
void ask_for_huge_pages();

c10::Device torch_device(const Device& device);

}  // namespace pmatch
