#include "server/net/poller.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace onechat::net {
namespace asio = boost::asio;

namespace {

// Before other handlers (timers, completions of the store, newcomers) have their turn. A round
// takes what has come during the one before it.
constexpr int events_per_turn_max = 512;
constexpr int rounds_per_turn_max = 8;

int make_set() {
    const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0) {
        throw std::system_error(errno, std::generic_category(), "cannot create an epoll set");
    }
    return descriptor;
}

epoll_event event_of(poller::pollable& one, bool writable_too) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
    if (writable_too) {
        event.events |= EPOLLOUT;
    }
    event.data.ptr = &one;
    return event;
}

}  // namespace

// Shared with the one pending wait, which may outlive the poller by a turn.
struct poller::set : std::enable_shared_from_this<poller::set> {
    set(asio::io_context& io, batch_events& told)
        : descriptor(io.get_executor(), make_set()), batches(&told) {}

    void wait() {
        descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                              [self = shared_from_this()](const boost::system::error_code& error) {
                                  if (!error && self->batches != nullptr) {
                                      self->turn();
                                  }
                              });
    }

    // How many are ready; none when interrupted, too.
    int look(int most) { return ::epoll_wait(descriptor.native_handle(), events.data(), most, 0); }

    void tell(int count) {
        for (int i = 0; i < count; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            static_cast<pollable*>(event.data.ptr)
                ->ready({.readable = (event.events & EPOLLIN) != 0,
                         .writable = (event.events & EPOLLOUT) != 0,
                         .ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0});
        }
    }

    void turn() {
        int left = events_per_turn_max;
        for (int round = 0; round < rounds_per_turn_max && left > 0; ++round) {
            const int count = look(left);
            if (count <= 0) {
                break;  // waiting tells again
            }
            left -= count;
            batches->batch_begins();
            tell(count);
            batches->batch_ends();
            if (batches == nullptr) {
                return;  // destroyed meanwhile
            }
        }
        wait();
    }

    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
    batch_events* batches;
    std::array<epoll_event, events_per_turn_max> events{};
};

poller::poller(asio::io_context& io, batch_events& batches)
    : set_(std::make_shared<set>(io, batches)) {
    set_->wait();
}

poller::~poller() {
    set_->batches = nullptr;
    boost::system::error_code ignored;
    set_->descriptor.close(ignored);
}

bool poller::add(int descriptor, pollable& one) {
    auto event = event_of(one, false);
    return ::epoll_ctl(set_->descriptor.native_handle(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void poller::watch(int descriptor, pollable& one, bool writable_too) {
    auto event = event_of(one, writable_too);
    ::epoll_ctl(set_->descriptor.native_handle(), EPOLL_CTL_MOD, descriptor, &event);
}

void poller::take_ready() {
    set_->tell(set_->look(events_per_turn_max));
}

void poller::remove(int descriptor) {
    ::epoll_ctl(set_->descriptor.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
}

}  // namespace onechat::net
