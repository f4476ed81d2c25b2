#include "protocol/codec.hpp"

#include "protocol/limits.hpp"

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace onechat::protocol {

namespace {

reject refused(refusal code, std::string_view text) {
    return {.code = code, .text = std::string{text}};
}

enum class reading { unknown, misfits, done };

// Reads the alternative whose type it is.
template <class Variant, std::size_t... Index>
reading read_message(std::string_view type, json::value object, Variant& out, misfit& why,
                     std::index_sequence<Index...>) {
    reading result = reading::unknown;
    const auto tried = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        if (type != std::variant_alternative_t<I, Variant>::type) {
            return false;
        }
        const bool fits = read_fields(object, out.template emplace<I>(), why);
        result = fits ? reading::done : reading::misfits;
        return true;
    };
    static_cast<void>((tried(std::integral_constant<std::size_t, Index>{}) || ...));
    return result;
}

// What a refused `say` tells of itself. The pair goes back to the client, so it must be clean.
void identify_say(json::value object, reject& why) {
    why.say = true;
    const auto cid = object.find("cid").integer();
    if (cid && *cid >= 1) {
        why.cid = static_cast<std::uint64_t>(*cid);
    }
    const json::value pair = object.find("pair");
    if (pair.is(json::kind::string) && pair.size() <= limits::id_bytes_max &&
        is_clean(pair.string())) {
        why.pair = std::string{pair.string()};
    }
}

template <class Envelope>
boost::system::result<Envelope, reject> parse_envelope(std::string_view text) {
    json::document& document = detail::scratch();
    if (const auto complaint = document.parse(text, limits::depth_max); !complaint.empty()) {
        return refused(refusal::bad_json, complaint);
    }
    const json::value object = document.root();
    const json::value rid_value = object.find("rid");
    const auto rid = rid_value.integer();
    const json::value type_value = object.find("t");
    if (!type_value.is(json::kind::string)) {
        reject why =
            refused(refusal::unknown_type, "field `t` must be a string, the message's type");
        why.rid = rid;
        return why;
    }
    const std::string_view type = type_value.string();

    using variant = decltype(Envelope::message);
    Envelope envelope;
    misfit unfit;
    const reading result = read_message(type, object, envelope.message, unfit,
                                        std::make_index_sequence<std::variant_size_v<variant>>{});
    if (result == reading::unknown) {
        reject why = refused(refusal::unknown_type, "field `t` names no message of this protocol");
        why.rid = rid;
        return why;
    }
    if (rid_value && !rid) {
        unfit = {refusal::bad_field, "rid", "must be an integer below 2^53 in magnitude"};
    } else if (result == reading::done) {
        envelope.rid = rid;
        return envelope;
    }
    reject why = detail::reject_of(std::move(unfit));
    why.rid = rid;
    if (type == client::say::type) {
        identify_say(object, why);
    }
    return why;
}

}  // namespace

namespace detail {

json::document& scratch() {
    thread_local json::document document;
    return document;
}

reject reject_of(misfit&& why) {
    reject out{.code = why.code};
    if (why.field.empty()) {
        out.text = "the message " + why.text;
    } else {
        out.text = "field `" + why.field + "` " + why.text;
        out.field = std::move(why.field);
    }
    return out;
}

}  // namespace detail

boost::system::result<request, reject> parse(std::string_view text) {
    return parse_envelope<request>(text);
}

boost::system::result<answer, reject> parse_server(std::string_view text) {
    return parse_envelope<answer>(text);
}

server_message answer_to(const reject& why) {
    if (why.say && why.cid) {
        return server::nack{.pair = why.pair, .cid = *why.cid, .code = why.code};
    }
    return server::error{.code = why.code, .text = why.text, .field = why.field};
}

void write(std::string& out, const server_message& message, std::optional<std::int64_t> rid) {
    std::visit([&](const auto& each) { write(out, each, rid); }, message);
}

void write(std::string& out, const client_message& message, std::optional<std::int64_t> rid) {
    std::visit([&](const auto& each) { write(out, each, rid); }, message);
}

void throw_exception_from_error(const reject& why, const boost::source_location&) {
    throw std::invalid_argument{std::string{name_of(why.code)} + ": " + why.text};
}

}  // namespace onechat::protocol
