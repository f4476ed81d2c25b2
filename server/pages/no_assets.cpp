#include "server/pages/asset.hpp"

namespace onechat::pages {

std::span<const asset> embedded_assets() {
    return {};
}

}  // namespace onechat::pages
