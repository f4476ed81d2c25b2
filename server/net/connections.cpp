#include "server/net/connections.hpp"

#include "server/net/ws_session.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cassert>
#include <utility>

namespace onechat::net {
namespace asio = boost::asio;

// What pending handlers hold: it outlives the owner when they do.
struct connections::loop_link {
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                             asio::wait_traits<std::chrono::steady_clock>,
                                             asio::io_context::executor_type>;

    loop_link(asio::io_context& io, connections& of) : ticking(io.get_executor()), owner(&of) {}

    timer ticking;
    connections* owner;
};

// While it lives, flushing waits; at its end everything queued is sent and the dead are buried.
class connections::turn {
public:
    explicit turn(connections& of) : of_(of), outermost_(!std::exchange(of.in_turn_, true)) {
        if (outermost_) {
            of_.now_ = of_.clock_();
        }
    }
    ~turn() {
        if (outermost_) {
            of_.flush_all();
            of_.in_turn_ = false;
        }
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

private:
    connections& of_;
    bool outermost_;
};

connections::connections(asio::io_context& io, const ws_options& options, clock read_clock)
    : options_(options),
      clock_(std::move(read_clock)),
      now_(clock_()),
      wheel_(now_),
      poller_(io, *this),
      read_buffer_(new char[read_bytes_max]),
      loop_(std::make_shared<loop_link>(io, *this)) {
    arm_timer();
}

connections::~connections() {
    assert(!in_turn_);
    loop_->owner = nullptr;
    loop_->ticking.cancel();
    for (auto* session : sessions_) {
        delete session;
    }
}

void connections::adopt(transport stream, role own, ws_events& events, const remote_address& remote,
                        std::string early, address_counts::place place) {
    assert(std::this_thread::get_id() == owner_ && !in_turn_);
    const turn scope{*this};
    send_without_delay(stream.descriptor());
    auto made = std::make_unique<ws_session>(*this, std::move(stream), own, events,
                                             connection_id{++last_id_});
    made->place_ = std::move(place);
    made->index_ = static_cast<std::uint32_t>(sessions_.size());
    sessions_.push_back(made.get());
    auto& session = *made.release();  // sessions_ owns it from here
    events.opened(session.id_, session, remote);
    session.start({early.data(), early.size()});
}

// What has come meanwhile is taken first: an ack and the partner's answer then leave in one write.
void connections::flush() {
    if (!in_turn_) {
        const turn scope{*this};
        flush_long();
        poller_.take_ready();
    }
}

// A turn that has come in between has done it already.
void connections::flush_soon() {
    assert(std::this_thread::get_id() == owner_);
    if (!in_turn_ && !flush_due_) {
        flush_due_ = true;
        asio::post(loop_->ticking.get_executor(), [link = loop_] {
            if (link->owner != nullptr && link->owner->flush_due_) {
                link->owner->flush();
            }
        });
    }
}

void connections::check_deadlines() {
    const turn scope{*this};
    wheel_.advance(now_);
}

void connections::arm_timer() {
    loop_->ticking.expires_after(wheel_.tick());
    loop_->ticking.async_wait([link = loop_](const boost::system::error_code& error) {
        if (!error && link->owner != nullptr) {
            link->owner->check_deadlines();
            link->owner->arm_timer();
        }
    });
}

void connections::batch_begins() {
    in_turn_ = true;
    now_ = clock_();
    flush_long();
}

void connections::batch_ends() {
    flush_all();
    in_turn_ = false;
}

void connections::needs_flush(ws_session& session) {
    if (!session.dirty_) {
        session.dirty_ = true;
        dirty_.push_back(&session);
    }
    flush_soon();
}

// What is long already leaves before a turn that would add to it, in one write.
void connections::flush_long() {
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
        if (dirty_[i]->outbox_bytes() >= options_.paced_bytes) {
            dirty_[i]->flush();
        }
    }
}

void connections::flush_all() {
    // By index: what flushing tells the handlers may make further sessions dirty.
    for (std::size_t i = 0; i < dirty_.size(); ++i) {
        dirty_[i]->dirty_ = false;
        dirty_[i]->flush();
    }
    dirty_.clear();
    buried_.clear();
    flush_due_ = false;
    turn_end_();
}

void connections::bury(ws_session& session) {
    const auto last = sessions_.back();
    last->index_ = session.index_;
    sessions_[session.index_] = last;
    sessions_.pop_back();
    session.place_.give_back();
    buried_.emplace_back(&session);
}

}  // namespace onechat::net
