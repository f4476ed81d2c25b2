// What waits to be sent on one connection, and the pool that lends it: an idle connection holds
// none, and a busy server reuses a few instead of allocating per text. Loop thread only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace onechat::net {

class outbox {
public:
    [[nodiscard]] std::size_t size() const { return bytes_.size() - sent_; }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] std::string_view waiting() const { return {bytes_.data() + sent_, size()}; }
    [[nodiscard]] std::size_t capacity() const { return bytes_.capacity(); }

    // Room for `more` bytes, growing by doubling but not beyond `bytes_max` without need: doubling
    // alone would let a stalled reader cost twice the limit.
    void reserve(std::size_t more, std::size_t bytes_max) {
        if (bytes_.size() + more <= bytes_.capacity()) {
            return;
        }
        if (sent_ != 0) {
            bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(sent_));
            sent_ = 0;
        }
        const auto needed = bytes_.size() + more;
        if (needed > bytes_.capacity()) {
            bytes_.reserve(std::max(needed, std::min(bytes_.capacity() * 2, bytes_max)));
        }
    }

    // The place where the bytes landed, valid until the next call.
    char* append(std::string_view bytes) {
        const auto at = bytes_.size();
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return bytes_.data() + at;
    }

    void consume(std::size_t count) {
        sent_ += count;
        if (sent_ == bytes_.size()) {
            clear();
        }
    }

    void clear() {
        bytes_.clear();
        sent_ = 0;
    }

private:
    std::vector<char> bytes_;  // not std::string, whose reserve() doubles by itself
    std::size_t sent_ = 0;
};

class outbox_pool {
public:
    [[nodiscard]] std::unique_ptr<outbox> lend() {
        if (spare_.empty()) {
            return std::make_unique<outbox>();
        }
        auto one = std::move(spare_.back());
        spare_.pop_back();
        return one;
    }

    void give_back(std::unique_ptr<outbox> one) {
        if (spare_.size() < spare_max && one->capacity() <= spare_bytes_max) {
            one->clear();
            spare_.push_back(std::move(one));
        }
    }

private:
    // As many as one batch of the poller can fill, and at most 2 MiB in all.
    static constexpr std::size_t spare_max = 512;
    static constexpr std::size_t spare_bytes_max = 4096;

    std::vector<std::unique_ptr<outbox>> spare_;
};

}  // namespace onechat::net
