#include "server/cli/checkup.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

namespace onechat::cli {
namespace {

constexpr std::string_view disk_name = "disk";

constexpr std::uint64_t mebibyte = 1024 * 1024;
// Below the first the writer's log and a checkpoint may not fit beside each other any more.
constexpr std::uint64_t free_needed = 100 * mebibyte;
constexpr std::uint64_t free_wanted = 2048 * mebibyte;
// An ack waits for up to two of these.
constexpr std::chrono::milliseconds sync_wanted{20};
constexpr int syncs = 20;

// As linux/magic.h has them.
constexpr std::array<std::pair<std::int64_t, std::string_view>, 7> remote_kinds{{
    {0x6969, "NFS"},
    {0x517B, "SMB"},
    {0xFF534D42, "SMB"},
    {0xFE534D42, "SMB"},
    {0x01021997, "9P"},
    {0x65735546, "FUSE"},
    {0x00C36400, "Ceph"},
}};
constexpr std::int64_t memory_kind = 0x01021994;   // tmpfs
constexpr std::int64_t overlay_kind = 0x794C7630;  // a container's own layer

std::string in_gibibytes(std::uint64_t bytes) {
    const auto tenths = bytes * 10 / (1024 * mebibyte);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

std::string in_milliseconds(std::chrono::nanoseconds time) {
    const auto tenths = std::chrono::duration_cast<std::chrono::microseconds>(time).count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

// The median of some, each with a little to write.
std::optional<std::chrono::nanoseconds> sync_time_in(const std::filesystem::path& folder) {
    std::string name = folder / "doctor-XXXXXX";
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) {
        return std::nullopt;
    }
    ::unlink(name.c_str());
    std::vector<std::chrono::nanoseconds> times;
    const std::string page(4096, '\0');
    for (int i = 0; i < syncs; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        const bool done =
            ::write(file, page.data(), page.size()) == static_cast<ssize_t>(page.size()) &&
            ::fdatasync(file) == 0;
        if (!done) {
            break;
        }
        times.push_back(std::chrono::steady_clock::now() - begun);
    }
    ::close(file);
    if (times.empty()) {
        return std::nullopt;
    }
    std::ranges::sort(times);
    return times[times.size() / 2];
}

}  // namespace

disk_facts disk_facts_of(const std::filesystem::path& folder) {
    disk_facts facts;
    struct statfs about {};
    if (::statfs(folder.c_str(), &about) == 0) {
        facts.free_bytes = about.f_bavail * static_cast<std::uint64_t>(about.f_bsize);
        facts.kind = about.f_type;
    }
    facts.sync = sync_time_in(folder);
    return facts;
}

findings look_at_disk(const disk_facts& disk) {
    findings found;
    const auto room = in_gibibytes(disk.free_bytes) + " are free";
    if (disk.free_bytes < free_needed) {
        found.push_back({health::wrong, disk_name, room + ": soon nothing can be stored."});
    } else {
        found.push_back(
            {disk.free_bytes < free_wanted ? health::look : health::well, disk_name, room + "."});
    }
    const auto kind = disk.kind & 0xFFFFFFFF;
    const auto* const remote =
        std::ranges::find(remote_kinds, kind, &decltype(remote_kinds)::value_type::first);
    if (remote != remote_kinds.end()) {
        found.push_back({health::look, disk_name,
                         "It is " + std::string{remote->second} +
                             ": SQLite's log is not safe on what other machines hold."});
    } else if (kind == memory_kind) {
        found.push_back({health::look, disk_name, "It is memory: a power cut loses everything."});
    } else if (kind == overlay_kind) {
        found.push_back({health::look, disk_name,
                         "It is a container's own layer, gone with the container: use a volume."});
    }
    if (!disk.sync) {
        found.push_back(
            {health::look, disk_name, "How fast it syncs is not known: we can't write there."});
    } else {
        found.push_back(
            {*disk.sync > sync_wanted ? health::look : health::well, disk_name,
             "A sync takes " + in_milliseconds(*disk.sync) + "; an ack waits for one or two."});
    }
    return found;
}

clock_facts clock_facts_of(const std::filesystem::path& data) {
    clock_facts facts;
    facts.now = std::chrono::system_clock::now();
    timex asked{};
    facts.is_synchronised = ::adjtimex(&asked) != TIME_ERROR;
    std::error_code unknown;
    for (const char* file : {"onechat.db", "onechat.db-wal"}) {
        const auto changed = std::filesystem::last_write_time(data / file, unknown);
        if (!unknown) {
            const auto when = std::chrono::file_clock::to_sys(changed);
            const auto known =
                std::chrono::time_point_cast<std::chrono::system_clock::duration>(when);
            facts.newest_file = std::max(facts.newest_file.value_or(known), known);
        }
    }
    return facts;
}

finding look_at_clock(const clock_facts& clock) {
    constexpr std::string_view about = "clock";
    // What is stored must not be newer than what comes: a pair's times never go back.
    if (clock.newest_file && *clock.newest_file > clock.now + std::chrono::hours{1}) {
        return {health::wrong, about,
                "The database was changed in what is the future here: set the clock right first."};
    }
    if (!clock.is_synchronised) {
        return {health::look, about,
                "Nothing keeps it right; switch on systemd-timesyncd or chrony."};
    }
    return {health::well, about, "It is kept right."};
}

finding look_at_files(std::uint64_t files_max, std::size_t wanted) {
    constexpr std::string_view about = "open files";
    constexpr std::uint64_t spare = 164;  // as in app.cpp
    const auto room = std::max<std::uint64_t>(files_max, spare + 50) - spare;
    const auto sentence = std::to_string(files_max) + " a process, so " + std::to_string(room) +
                          " connections at once";
    if (wanted > room) {
        return {health::look, about,
                sentence + ", fewer than connections-max; raise LimitNOFILE or ulimit -n."};
    }
    constexpr std::uint64_t few = 4096;
    return {files_max < few ? health::look : health::well, about, sentence + "."};
}

finding look_at_backlog(std::uint64_t somaxconn) {
    constexpr std::string_view about = "backlog";
    constexpr std::uint64_t ours = 4096;  // as the listener asks for
    const auto sentence = std::to_string(somaxconn) + " newcomers can wait to be accepted";
    if (somaxconn < ours) {
        return {health::look, about, sentence + "; set net.core.somaxconn to 4096."};
    }
    return {health::well, about, sentence + "."};
}

finding look_at_port(std::string_view about, const endpoint& where, bool by_systemd) {
    namespace asio = boost::asio;
    asio::io_context io;
    asio::ip::tcp::acceptor probe{io};
    boost::system::error_code error;
    const auto address = asio::ip::make_address(where.address, error);
    const asio::ip::tcp::endpoint at{address, where.port};
    const auto try_it = [&](auto step) {
        if (!error) {
            step();
        }
    };
    try_it([&] { probe.open(at.protocol(), error); });
    try_it([&] { probe.set_option(asio::socket_base::reuse_address{true}, error); });
    try_it([&] { probe.bind(at, error); });
    try_it([&] { probe.listen(1, error); });
    const auto name = write_endpoint(where);
    if (error == asio::error::access_denied) {
        return {health::wrong, about,
                name + ": ports below 1024 are root's; let systemd open it (onechat.socket)."};
    }
    if (error == asio::error::address_in_use && by_systemd) {
        return {health::look, about,
                name +
                    " is taken; by onechat.socket, if `systemctl status onechat.socket` says so, "
                    "which is right."};
    }
    if (error) {
        return {health::wrong, about, name + ": " + error.message() + "."};
    }
    return {health::well, about, name + " is free."};
}

}  // namespace onechat::cli
