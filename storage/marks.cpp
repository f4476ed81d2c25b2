#include "storage/marks.hpp"

#include <cstddef>

namespace onechat::storage {

namespace {

constexpr std::uint8_t format_version = 1;

// Seven bits a byte, lowest first; the top bit says that more follow.
void put_number(std::vector<std::uint8_t>& bytes, std::uint64_t number) {
    while (number >= 0x80) {
        bytes.push_back(static_cast<std::uint8_t>(number | 0x80));
        number >>= 7;
    }
    bytes.push_back(static_cast<std::uint8_t>(number));
}

std::optional<std::uint64_t> take_number(std::span<const std::uint8_t>& bytes) {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            return number;
        }
    }
    return std::nullopt;
}

// A digest has no small values, so it is kept as it is.
void put_digest(std::vector<std::uint8_t>& bytes, std::uint64_t digest) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        bytes.push_back(static_cast<std::uint8_t>(digest >> shift));
    }
}

std::optional<std::uint64_t> take_digest(std::span<const std::uint8_t>& bytes) {
    if (bytes.size() < 8) {
        return std::nullopt;
    }
    std::uint64_t digest = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        digest |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
    }
    bytes = bytes.subspan(8);
    return digest;
}

// Texts that moderation held get their seq later than their cid, so seq may step back: small
// negative steps become small odd numbers.
std::uint64_t fold_sign(std::uint64_t step) {
    return (step << 1) ^ (0 - (step >> 63));
}

std::uint64_t unfold_sign(std::uint64_t folded) {
    return (folded >> 1) ^ (0 - (folded & 1));
}

std::uint64_t step(unix_ms from, unix_ms to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

}  // namespace

std::vector<std::uint8_t> pack_marks(std::span<const cid_mark> marks) {
    std::vector<std::uint8_t> bytes{format_version};
    bytes.reserve(1 + marks.size() * 12);
    cid_mark before;
    for (const cid_mark& mark : marks) {
        put_number(bytes, mark.cid - before.cid);
        put_number(bytes, fold_sign(mark.seq - before.seq));
        put_digest(bytes, mark.digest);
        put_number(bytes, fold_sign(step(before.at, mark.at)));
        before = mark;
    }
    return bytes;
}

std::optional<std::vector<cid_mark>> unpack_marks(std::span<const std::uint8_t> bytes) {
    if (bytes.empty() || bytes.front() != format_version) {
        return std::nullopt;
    }
    bytes = bytes.subspan(1);
    std::vector<cid_mark> marks;
    cid_mark before;
    while (!bytes.empty()) {
        const auto cid = take_number(bytes);
        const auto seq = take_number(bytes);
        const auto digest = take_digest(bytes);
        const auto at = take_number(bytes);
        if (!cid || !seq || !digest || !at) {
            return std::nullopt;
        }
        const auto since = static_cast<unix_ms>(unfold_sign(*at));
        before = {before.cid + *cid, before.seq + unfold_sign(*seq), *digest, before.at + since};
        marks.push_back(before);
    }
    return marks;
}

}  // namespace onechat::storage
