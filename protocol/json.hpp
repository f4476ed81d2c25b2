// JSON text and nothing of its meaning: a parsed document that is looked at through views, and a
// writer that appends. It is as strict as the contract: one object, at most so many levels, no
// duplicate keys, nothing behind it. json.cpp alone knows RapidJSON. A document belongs to one
// thread at a time; codec keeps one per thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::protocol::json {

enum class kind : std::uint8_t { null, boolean, number, string, array, object };

// A document is one row of nodes. The children of an array or object lie right behind it, an
// object's as key, value, key, value.
struct node {
    const char* text;    // of a string: decoded; of a number: as written
    std::uint32_t size;  // bytes of the text, or how many elements or members
    std::uint32_t span;  // nodes up to the next sibling, this one included
    json::kind kind;
    bool on;  // of a boolean
};

// A view of one value, or of nothing. Valid until its document parses again.
class value {
public:
    value() = default;
    explicit value(const node* at) : at_{at} {}

    // Whether there is a value.
    explicit operator bool() const { return at_ != nullptr; }
    [[nodiscard]] bool is(json::kind kind) const { return at_ != nullptr && at_->kind == kind; }

    // REQUIRES: a boolean; a string; an array or object.
    [[nodiscard]] bool boolean() const { return at_->on; }
    [[nodiscard]] std::string_view string() const { return {at_->text, at_->size}; }
    [[nodiscard]] std::size_t size() const { return at_->size; }

    // The integer, if it is one below 2^53 in magnitude and written as one: `5.0` and `5e0` are
    // none.
    [[nodiscard]] std::optional<std::int64_t> integer() const;

    // The member of that name, or nothing. REQUIRES: an object.
    [[nodiscard]] value find(std::string_view name) const {
        const node* key = at_ + 1;
        for (std::uint32_t left = at_->size; left != 0; --left) {
            if (std::string_view{key->text, key->size} == name) {
                return value{key + 1};
            }
            key += 1 + key[1].span;
        }
        return {};
    }

    // Calls `f` with each element until it returns false. REQUIRES: an array.
    template <class F>
    bool for_each(F&& f) const {
        const node* each = at_ + 1;
        for (std::uint32_t left = at_->size; left != 0; --left) {
            if (!f(value{each})) {
                return false;
            }
            each += each->span;
        }
        return true;
    }

private:
    const node* at_ = nullptr;
};

// Reuses its memory, so that parsing a message does not allocate. It keeps what the largest text
// needed: about 13 bytes per byte of text at worst.
class document {
public:
    // Replaces what it held. The answer is empty when `text` is one acceptable object, else a
    // sentence for a developer, and the document is void. The text is copied: it may go away.
    [[nodiscard]] std::string_view parse(std::string_view text, std::size_t depth_max);

    // The outer object. REQUIRES: parsed without complaint.
    [[nodiscard]] value root() const { return value{nodes_.data()}; }

private:
    std::string buffer_;  // decoded in place
    std::vector<node> nodes_;
};

// Appends `text` in quotes, escaped as far as JSON requires. REQUIRES: valid UTF-8.
void write_string(std::string& out, std::string_view text);
// REQUIRES: magnitude below 2^53.
void write_integer(std::string& out, std::int64_t number);
void write_integer(std::string& out, std::uint64_t number);

}  // namespace onechat::protocol::json
