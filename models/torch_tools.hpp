/// What the files that see torch's headers share.
#pragma once

#include <c10/core/Device.h>

#include <exception>
#include <string>

#include "models/device.hpp"

namespace pmatch {

/// The line that says what happened, without the stack traces around it.
std::string torch_reason(const std::exception& e);

/// The interpreter of TorchScript rethrows everything as std::runtime_error, text included.
bool is_out_of_memory(const std::exception& e);

/// A forward pass frees megabytes that the next one asks for again. By default glibc gives them
/// back to the system in between, and the page faults take a tenth of the time.
void keep_freed_memory();

c10::Device torch_device(const Device& device);

}  // namespace pmatch
