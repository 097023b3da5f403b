#include "cli/serve/curl/downloads.hpp"

#include <chrono>
#include <vector>

#include "cli/serve/curl/transfer.hpp"

namespace pmatch::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kGlanceMilliseconds = 50;  // between looks at whether to stop

class Multi {
public:
    Multi() : handle_(::curl_multi_init()) {}
    ~Multi() {
        for (auto& transfer : transfers_)
            ::curl_multi_remove_handle(handle_, transfer->handle());
        transfers_.clear();
        ::curl_multi_cleanup(handle_);
    }
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    bool is_good() const { return handle_ != nullptr; }

    void add(UrlDownload& file, TransferBounds& bounds) {
        auto transfer = std::make_unique<Transfer>(file, bounds);
        if (transfer->handle() == nullptr ||
            ::curl_multi_add_handle(handle_, transfer->handle()) != CURLM_OK) {
            transfer->finish(CURLE_OUT_OF_MEMORY);
            return;
        }
        transfers_.push_back(std::move(transfer));
    }

    /// Whether any file is still on its way.
    bool go_on() {
        int running = 0;
        if (::curl_multi_perform(handle_, &running) != CURLM_OK) return false;
        int left = 0;
        while (const auto* message = ::curl_multi_info_read(handle_, &left)) {
            for (auto& transfer : transfers_) {
                if (message->msg == CURLMSG_DONE && transfer->handle() == message->easy_handle)
                    transfer->finish(message->data.result);
            }
        }
        if (running > 0) ::curl_multi_poll(handle_, nullptr, 0, kGlanceMilliseconds, nullptr);
        return running > 0;
    }

private:
    CURLM* handle_;
    std::vector<std::unique_ptr<Transfer>> transfers_;
};

}  // namespace

void set_up_curl() {
    ::curl_global_init(CURL_GLOBAL_DEFAULT);
}

void download_with_curl(std::span<UrlDownload> files, const UrlLimits& limits,
                        const AddressFilter& filter, const std::stop_token& stop) {
    TransferBounds bounds{limits, filter, 0};
    {
        Multi multi;
        if (multi.is_good()) {
            for (auto& file : files)
                multi.add(file, bounds);
            const auto end = Clock::now() + std::chrono::duration<double>(limits.seconds);
            while (multi.go_on() && !stop.stop_requested() && Clock::now() < end) {
            }
        }
    }
    for (auto& file : files) {
        if (file.state == UrlDownload::State::kWaiting)
            fail(file, CURLE_OPERATION_TIMEDOUT, limits);
    }
}

}  // namespace pmatch::cli
