// Tells sockets when they are readable and writable: an epoll set of our own that Asio watches as
// one descriptor, so that a batch of events costs one handler (a quarter less CPU per text than an
// async_wait for each socket [measured]). Not for sockets that Asio still knows. Loop thread only.
#pragma once

#include <cstdint>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace onechat::net {

class poller {
public:
    struct readiness {
        bool readable = false;
        bool writable = false;
        bool ended = false;  // the other end has gone or half gone: read until it shows
    };

    // To be inherited by what owns a descriptor.
    class pollable {
    public:
        // Edge-triggered: said once, so read until a read comes back short, or call watch() again.
        virtual void ready(readiness) = 0;

    protected:
        ~pollable() = default;
    };

    // Around each batch of ready() calls; a pollable that was told of must live until batch_ends.
    class batch_events {
    public:
        virtual void batch_begins() = 0;
        virtual void batch_ends() = 0;

    protected:
        ~batch_events() = default;
    };

    // Throws std::system_error when the process has no descriptor left.
    poller(boost::asio::io_context& io, batch_events& batches);
    ~poller();

    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

    // False when the kernel's limit of watched descriptors is reached.
    [[nodiscard]] bool add(int descriptor, pollable& one);
    // Asks again for what to hear of; what is ready already is said again, in a later batch.
    void watch(int descriptor, pollable& one, bool writable_too);
    void remove(int descriptor);
    // One batch of what is ready at this moment, within a turn of the caller's own.
    void take_ready();

private:
    struct set;
    std::shared_ptr<set> set_;
};

}  // namespace onechat::net
