// Whose the files are that root makes: of whoever has the folder that they lie in, so that a
// command that was run as root leaves nothing behind that the service can't use. For everybody
// else, and for a root that may give nothing away (in a container), it does nothing. Any thread.
#pragma once

#include <filesystem>

namespace onechat::storage {

// False, with errno, when they can't be given away. `made` is the open file or folder `where`.
[[nodiscard]] bool give_to_owner_of_folder(int made, const std::filesystem::path& where);

}  // namespace onechat::storage
