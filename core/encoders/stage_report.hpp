/// Deviation of this machine's results for golden examples from the reference results.
#pragma once

#include <string>

namespace pmatch {

struct StageReport {
    std::string stage;    ///< "decoded pixels", …
    int compared = 0;     ///< number of examples; 0: the package has none for this stage
    std::string largest;  ///< the largest difference found, with its unit
    std::string allowed;
    bool good = true;
    std::string detail;  ///< which example failed first, and how
};

}  // namespace pmatch
