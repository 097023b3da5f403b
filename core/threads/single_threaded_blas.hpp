/// How many threads OpenMP, FAISS and the BLAS under it use.
#pragma once

namespace pmatch {

/// From now on at most so many when the calling thread calls them; the BLAS has one number for all
/// threads of the process.
void set_library_threads(int threads);

/// They use this thread alone while it lives.
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
