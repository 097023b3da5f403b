#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <optional>
#include <thread>

#include "cli/commands/commands.hpp"
#include "cli/commands/query_options.hpp"
#include "cli/serve/http/http_library.hpp"
#include "cli/serve/http/listen_socket.hpp"
#include "cli/serve/service/application.hpp"
#include "cli/serve/service/service.hpp"
#include "cli/terminal/interrupt.hpp"
#include "core/common/stopwatch.hpp"
#include "core/text/ascii.hpp"
#include "core/text/number_text.hpp"

namespace pmatch::cli {
namespace {

using namespace std::chrono_literals;

struct Options {
    std::vector<std::string> collections;
    std::string host = "127.0.0.1";
    int port = 8080;
    std::string preset = "auto";
    std::string engine;
    int max_top = 100;
    std::string max_upload = "10MB";
    std::string token_file;
    std::string origin;
    double watch = 2;
    double deadline = 10;
    double client_timeout = 15;
    int workers = 32;
    int queue = 256;
    std::string access_log;
    bool url_fetch = false;
    std::vector<std::string> url_networks;
    double url_timeout = 5;
};

/// "10MB" in bytes; 0 for what is no size.
std::size_t bytes_of(const std::string& text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto unit = ascii::lowercase({end, text.data() + text.size()});
    std::size_t factor = 0;
    if (unit.empty() || unit == "b") factor = 1;
    if (unit == "kb") factor = 1'000;
    if (unit == "mb") factor = 1'000'000;
    constexpr std::size_t kMost = 1'000'000'000;
    if (error != std::errc() || number == 0 || factor == 0 || number > kMost / factor) return 0;
    return number * factor;
}

Check is_size() {
    return {[](const std::string& text) {
                return bytes_of(text) > 0 ? std::string()
                                          : std::string("give a size such as 500KB or 10MB");
            },
            "SIZE"};
}

std::string token_of(const std::string& file) {
    if (file.empty()) return {};
    std::ifstream in(file);
    std::string token;
    std::getline(in, token);
    while (!token.empty() && (token.back() == '\r' || token.back() == ' '))
        token.pop_back();
    const bool printable =
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!token.empty() && printable) return token;
    throw Error{"there is no token in the file's first line", file,
                "write one line of letters, digits and signs without blanks, say of "
                "openssl rand -hex 32"};
}

void check_networks_have_a_use(const Options& options) {
    if (options.url_fetch || options.url_networks.empty()) return;
    throw UsageError{"--url-allow-network says where pictures may be fetched, and none are",
                     "give --allow-url-fetch, too"};
}

/// Requests with pictures have a quarter of the workers; at most half of those fetch, so that slow
/// picture servers do not hold up whoever sends pictures.
std::optional<UrlSettings> urls_of(const Options& options) {
    constexpr int kOfWorkers = 8;
    if (!options.url_fetch) return std::nullopt;
    UrlSettings settings;
    settings.networks = options.url_networks;
    settings.limits.bytes = bytes_of(options.max_upload);
    settings.limits.seconds = options.url_timeout;
    settings.at_once = static_cast<std::size_t>(std::max(1, options.workers / kOfWorkers));
    return settings;
}

/// Every connection is an open file. Leaves some for the collections, their pictures and uploads.
HttpLimits limits_for(const Options& options) {
    HttpLimits limits;
    limits.body_bytes = bytes_of(options.max_upload);
    limits.all_bodies = std::max<std::size_t>(limits.all_bodies, 4 * limits.body_bytes);
    limits.answer_seconds = options.deadline;
    constexpr double kForBodies = 4;
    limits.head_seconds = options.client_timeout;
    limits.body_seconds = kForBodies * options.client_timeout;
    limits.send_seconds = limits.body_seconds;
    constexpr rlim_t kOthers = 512;
    constexpr rlim_t kFew = 64;
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return limits;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, limits.connections + kOthers);
    ::setrlimit(RLIMIT_NOFILE, &files);
    const auto left = files.rlim_cur > kOthers + kFew ? files.rlim_cur - kOthers : kFew;
    limits.connections = std::min<std::size_t>(limits.connections, left);
    return limits;
}

std::atomic<bool> reload_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

void on_hangup(int) {
    reload_wanted.store(true);
}

/// Looks for newer states of the collections: every so many seconds, and when told to by SIGHUP.
void watch(Service& service, Application& application, double seconds,
           const std::stop_token& stop) {
    for (Stopwatch since; !stop.stop_requested(); std::this_thread::sleep_for(50ms)) {
        const bool told = reload_wanted.exchange(false);
        if (told) application.reopen_log();
        if (!told && (seconds == 0 || since.milliseconds() < 1000 * seconds)) continue;
        service.refresh();
        since = {};
    }
}

/// Until nothing is under way any more, or the last deadline has passed.
void drain(Application& application, HttpListener& listener, double seconds) {
    application.drain();
    listener.close_door();
    for (const Stopwatch since; since.milliseconds() < 1000 * (seconds + 1);
         std::this_thread::sleep_for(10ms)) {
        if (listener.counts().active == 0 && application.pending() == 0) break;
    }
    application.stop();
}

void serve(const Options& options, const ListenSocket& socket, Service& service,
           Application& application, Context& context) {
    const InterruptGuard interrupt(context.console.quiet());
    std::signal(SIGHUP, on_hangup);
    std::signal(SIGPIPE, SIG_IGN);  // libraries write to connections that are gone
    const auto listener = listen_http(socket.descriptor, limits_for(options), application);
    service.set_other_metrics(
        [&](MetricsText& text) { application.add_metrics(text, listener->counts()); });
    context.console.note(
        fmt::format("serve: {} at {}", fmt::join(options.collections, ", "), socket.url));
    if (!socket.loopback && options.token_file.empty())
        context.console.warning(
            {fmt::format("whoever reaches {} may ask, and see every field of the items",
                         socket.url),
             "give --token-file FILE, or --host 127.0.0.1 behind a proxy that asks for a "
             "password"});
    service.warm_up();
    {
        const std::jthread watcher(
            [&](const std::stop_token& stop) { watch(service, application, options.watch, stop); });
        while (!InterruptGuard::stop())
            std::this_thread::sleep_for(20ms);
    }
    drain(application, *listener, options.deadline);
}

ExitCode run(const Options& options, Context& context) {
    check_networks_have_a_use(options);
    ServiceSettings settings;
    settings.collections.assign(options.collections.begin(), options.collections.end());
    settings.preset = options.preset;
    settings.engine = options.engine;
    settings.max_top = options.max_top;
    settings.urls = urls_of(options);
    ApplicationSettings limits;
    limits.token = token_of(options.token_file);
    limits.origin = options.origin;
    limits.workers = static_cast<std::size_t>(options.workers);
    limits.most_waiting = static_cast<std::size_t>(options.queue);
    limits.answer_seconds = options.deadline;
    limits.access_log = options.access_log;
    Service service(settings, context.execution());
    Application application(service, limits, context.console);
    const auto socket = listen_on(options.host, options.port);
    serve(options, socket, service, application, context);
    return ExitCode::kDone;
}

void add_limits(Verb& cmd, Options& options) {
    cmd.add_option("--max-top", options.max_top, "Most answers of a query, whatever it asks for")
        ->capture_default_str()
        ->check(range(1, 10'000));
    cmd.add_option("--max-upload", options.max_upload, "Largest body of a request")
        ->capture_default_str()
        ->check(is_size());
    cmd.add_option("--deadline", options.deadline,
                   "Seconds after which a client gets status 504 instead of its answer")
        ->capture_default_str()
        ->check(range(0.0, 3600.0));
    cmd.add_option("--client-timeout", options.client_timeout,
                   "Seconds a client has for its next request's head; four times as many for a "
                   "body, and to take its answer")
        ->capture_default_str()
        ->check(range(0.1, 3600.0));
    cmd.add_option("--workers", options.workers,
                   "Requests answered at the same time; a quarter of it for those with pictures")
        ->capture_default_str()
        ->check(range(1, 1024));
    cmd.add_option("--queue", options.queue,
                   "Requests that wait for a worker; further ones get status 429")
        ->capture_default_str()
        ->check(range(0, 100'000));
}

void add_urls(Verb& cmd, Options& options) {
    cmd.add_flag("--allow-url-fetch", options.url_fetch,
                 "Also take pictures by their URLs (image_url), fetched from the public internet");
    cmd.add_option("--url-allow-network", options.url_networks,
                   "Network from which they may be fetched, too, e.g. 10.20.0.0/16 (repeatable): "
                   "for pictures that lie in a private one")
        ->delimiter(',')
        ->allow_extra_args(false);
    cmd.add_option("--url-timeout", options.url_timeout,
                   "Seconds in which the pictures of a request must have been fetched")
        ->capture_default_str()
        ->check(range(0.1, 3600.0));
}

}  // namespace

void add_serve(Verb& app, Job& job) {
    auto options = std::make_shared<Options>();
    auto* cmd = app.add_subcommand("serve", "Answer queries over HTTP, and show a search page");
    cmd->add_option("COLLECTION", options->collections,
                    "Collections with indexes; each is at /c/NAME/, the first also at /")
        ->required();
    cmd->add_option("--host", options->host, "Address to listen at; 0.0.0.0 = all")
        ->capture_default_str();
    cmd->add_option("--port", options->port, "Port to listen at; 0 = any that is free")
        ->capture_default_str()
        ->check(range(0, 65'535));
    cmd->add_option("--preset", options->preset, "Ranking recipe of queries that name none")
        ->capture_default_str();
    add_engine_option(*cmd, options->engine);
    add_limits(*cmd, *options);
    cmd->add_option("--token-file", options->token_file,
                    "File whose first line clients must send as a bearer token");
    cmd->add_option("--cors", options->origin,
                    "Origin whose pages may ask, e.g. https://shop.example, or *");
    add_urls(*cmd, *options);
    cmd->add_option("--watch", options->watch,
                    "Seconds between looks for a newer state of the collections; 0 = never")
        ->capture_default_str()
        ->check(range(0.0, 86'400.0));
    cmd->add_option("--access-log", options->access_log,
                    "File for a line of JSON per request, without what was asked");
    cmd->footer(
        "Examples:\n"
        "  pmatch serve shop\n"
        "  curl -d '{\"query\": \"red mug\"}' -H 'Content-Type: application/json' "
        "localhost:8080/search/text\n"
        "  curl -F file=@photo.jpg localhost:8080/search/image\n"
        "  pmatch serve shop rival --host 0.0.0.0 --token-file token --access-log access.jsonl\n"
        "/openapi.json describes all requests, /metrics is for Prometheus. A newer state of a "
        "collection is opened beside the\nold one; SIGHUP looks for it at once. SIGTERM answers "
        "what was asked and ends with exit code 0.");
    cmd->callback(
        [options, &job] { job = [options](Context& context) { return run(*options, context); }; });
}

}  // namespace pmatch::cli
