/// How a model is loaded.
#pragma once

#include <functional>
#include <string>

#include "core/encoders/long_texts.hpp"

namespace pmatch {

struct LoadOptions {
    std::string device = "auto";     ///< auto, cpu, cuda, cuda:N or cuda:N,M
    std::string precision = "auto";  ///< auto, fp32, bf16, fp16 or int8
    int threads = 0;                 ///< for the forward passes; 0 = all cores
    /// Called when limited GPU memory forced smaller passes, and when "auto" made a choice that may
    /// differ on another machine. May be empty; called on the thread that loads or encodes.
    std::function<void(const std::string&)> note = {};
    std::function<void(const std::string&)> detail = {};  ///< receives the reasons of "auto"
    LongTexts long_texts = LongTexts::kCut;
};

}  // namespace pmatch
