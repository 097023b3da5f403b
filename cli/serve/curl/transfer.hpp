/// Internal: one file on its way, with everything that libcurl must and must not do for it.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>

#include "cli/serve/urls/url_download.hpp"

namespace pmatch::cli {

/// What the files of a call share.
struct TransferBounds {
    const UrlLimits& limits;
    const AddressFilter& filter;
    std::size_t received = 0;  ///< bytes of all files
};

/// Says in `file` what went wrong.
void fail(UrlDownload& file, CURLcode code, const UrlLimits& limits);

/// `file` and `bounds` must outlive it.
class Transfer {
public:
    Transfer(UrlDownload& file, TransferBounds& bounds);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    CURL* handle() const { return handle_.get(); }  ///< nullptr: no memory
    void finish(CURLcode code);

private:
    void set_what_is_fetched();
    void set_what_is_not_done();
    std::size_t take(const char* bytes, std::size_t size);
    curl_socket_t open(const curl_sockaddr& address);

    UrlDownload& file_;
    TransferBounds& bounds_;
    bool refused_ = false;
    bool too_large_ = false;
    std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> handle_;
};

}  // namespace pmatch::cli
