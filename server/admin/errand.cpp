#include "server/admin/errand.hpp"

namespace onechat::admin {

storage::audit_row audit_of(const desk& at, const call& asked, std::string act,
                            std::string target) {
    return {.at = at.now().unix_ms,
            .who = asked.who,
            .act = std::move(act),
            .target = std::move(target),
            .why = asked.why};
}

}  // namespace onechat::admin
