/// How a model is opened.
#pragma once

#include <functional>
#include <string>

namespace pmatch {

struct LoadOptions {
    std::string device = "auto";     ///< auto, cpu, cuda, cuda:N or cuda:N,M
    std::string precision = "auto";  ///< auto, fp32, bf16, fp16 or int8
    int threads = 0;                 ///< for the forward passes; 0 = all cores
    /// Told when a GPU's memory forced smaller passes, and when "auto" chose what another machine
    /// may not choose. May be empty; called from the thread that loads or encodes.
    std::function<void(const std::string&)> note = {};
    std::function<void(const std::string&)> detail = {};  ///< told why "auto" chose what it chose
};

}  // namespace pmatch
