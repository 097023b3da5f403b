/// How many threads OpenMP, FAISS and the BLAS under it use.
#pragma once

namespace pmatch {

/// From now on at most so many when the calling thread calls them; the BLAS has one number for all
/// threads of the process.
void set_library_threads(int threads);

/// They use this thread alone while it lives.
class OneThread {
public:
    OneThread();
    ~OneThread();
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int before_;
};

}  // namespace pmatch
