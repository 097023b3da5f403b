/// Interface between the service and what fetches files by their URLs. The implementation is a
/// library of its own, see url_library.hpp.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <string>

namespace pmatch::cli {

/// Asked for the very address that is about to be connected to, so that neither a redirect nor a
/// name that leads elsewhere the second time gets past it. Thread-safe.
class AddressFilter {
public:
    virtual ~AddressFilter() = default;
    virtual bool allows(const sockaddr& address) const = 0;
};

struct UrlLimits {
    std::size_t bytes = 10'000'000;  ///< of all files of a call together
    double seconds = 5;              ///< for all of them, side by side
    long redirects = 3;              ///< of each
};

struct UrlDownload {
    enum class State { kDone, kRefused, kFailed, kWaiting };

    std::string url;   ///< http or https
    std::string body;  ///< the file, if it is done
    std::string
        problem;  ///< what is wrong if it was refused or failed, after "the picture's server …"
    State state = State::kWaiting;
};

}  // namespace pmatch::cli
