/// Internal to core: keeps a BLAS or FAISS from starting threads of its own.
#pragma once

#include <omp.h>

namespace pmatch {

/// OpenMP, FAISS and the BLAS use this thread alone while it lives.
class OneThread {
public:
    OneThread() { omp_set_num_threads(1); }
    ~OneThread() { omp_set_num_threads(before_); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int before_ = omp_get_max_threads();
};

}  // namespace pmatch
