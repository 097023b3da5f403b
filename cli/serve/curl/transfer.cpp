#include "cli/serve/curl/transfer.hpp"

#include <string>

#include "core/common/version.hpp"

namespace pmatch::cli {
namespace {

constexpr const char* kProtocols = "http,https";
constexpr long kMilliseconds = 1000;
constexpr long kGood = 200;

std::string seconds_text(double seconds) {
    auto text = std::to_string(seconds);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string words_of(CURLcode code, const UrlLimits& limits) {
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return "has no address of the form http://host/path or https://host/path";
        case CURLE_LOGIN_DENIED:
            return "wants a name and a password, which are not sent";
        case CURLE_COULDNT_RESOLVE_HOST:
            return "is not found: there is no such host";
        case CURLE_COULDNT_CONNECT:
            return "cannot be reached";
        case CURLE_OPERATION_TIMEDOUT:
            return "took more than " + seconds_text(limits.seconds) + " seconds";
        case CURLE_TOO_MANY_REDIRECTS:
            return "leads on more than " + std::to_string(limits.redirects) + " times";
        case CURLE_FILESIZE_EXCEEDED:
            return "sends more than the " + std::to_string(limits.bytes) +
                   " bytes that the pictures of a request may have";
        default:
            return std::string("fails: ") + ::curl_easy_strerror(code);
    }
}

}  // namespace

void fail(UrlDownload& file, CURLcode code, const UrlLimits& limits) {
    file.state = UrlDownload::State::kFailed;
    file.problem = words_of(code, limits);
    file.body = {};
}

Transfer::Transfer(UrlDownload& file, TransferBounds& bounds)
    : file_(file), bounds_(bounds), handle_(::curl_easy_init(), &::curl_easy_cleanup) {
    if (handle_ == nullptr) return;
    set_what_is_fetched();
    set_what_is_not_done();
}

void Transfer::set_what_is_fetched() {
    auto* curl = handle();
    const auto milliseconds =
        static_cast<long>(bounds_.limits.seconds * static_cast<double>(kMilliseconds));
    ::curl_easy_setopt(curl, CURLOPT_URL, file_.url.c_str());
    ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, kProtocols);
    ::curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, kProtocols);
    ::curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    ::curl_easy_setopt(curl, CURLOPT_MAXREDIRS, bounds_.limits.redirects);
    ::curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, milliseconds);
    ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
    ::curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE,
                       static_cast<curl_off_t>(bounds_.limits.bytes));
    ::curl_easy_setopt(curl, CURLOPT_USERAGENT, (std::string("pmatch/") + kVersion).c_str());
    ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    ::curl_easy_setopt(
        curl, CURLOPT_WRITEFUNCTION,
        +[](char* bytes, std::size_t one, std::size_t count, void* self) {
            return static_cast<Transfer*>(self)->take(bytes, one * count);
        });
    ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
    ::curl_easy_setopt(
        curl, CURLOPT_OPENSOCKETFUNCTION, +[](void* self, curlsocktype, curl_sockaddr* address) {
            return static_cast<Transfer*>(self)->open(*address);
        });
}

void Transfer::set_what_is_not_done() {
    auto* curl = handle();
    ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);    // there are threads
    ::curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a slow name server keeps nobody waiting
    ::curl_easy_setopt(curl, CURLOPT_PROXY, "");       // also none of the environment
    ::curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    ::curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    ::curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
    // A connection that another request opened would not be asked about.
    ::curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    ::curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

std::size_t Transfer::take(const char* bytes, std::size_t size) {
    too_large_ = size > bounds_.limits.bytes - bounds_.received;
    if (too_large_) return 0;
    bounds_.received += size;
    file_.body.append(bytes, size);
    return size;
}

curl_socket_t Transfer::open(const curl_sockaddr& address) {
    if (!bounds_.filter.allows(address.addr)) {
        refused_ = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

void Transfer::finish(CURLcode code) {
    const bool answered = code == CURLE_OK || code == CURLE_HTTP_RETURNED_ERROR;
    long status = 0;
    if (answered) ::curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status == kGood && !file_.body.empty()) {
        file_.state = UrlDownload::State::kDone;
        return;
    }
    fail(file_, too_large_ ? CURLE_FILESIZE_EXCEEDED : code, bounds_.limits);
    if (answered)
        file_.problem = status == kGood ? "sends an empty file"
                                        : "answers with status " + std::to_string(status);
    if (code != CURLE_COULDNT_CONNECT || !refused_) return;
    file_.state = UrlDownload::State::kRefused;
    file_.problem = "is at an address that this server does not connect to";
}

}  // namespace pmatch::cli
