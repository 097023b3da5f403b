/// Number of threads used by OpenMP, FAISS and the BLAS under it.
#pragma once

namespace pmatch {

/// Limits the number of threads for calls from this thread; the BLAS has one number for the whole
/// process.
void set_library_threads(int threads);

/// Restricts them to the calling thread during its lifetime.
class SingleThreadedBlas {
public:
    SingleThreadedBlas();
    ~SingleThreadedBlas();
    SingleThreadedBlas(const SingleThreadedBlas&) = delete;
    SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;

private:
    int before_;
};

}  // namespace pmatch
