#include "storage/ownership.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace onechat::storage {

bool give_to_owner_of_folder(int made, const std::filesystem::path& where) {
    if (::geteuid() != 0) {
        return true;
    }
    const auto named = where.has_filename() ? where : where.parent_path();
    const auto folder = named.has_parent_path() ? named.parent_path() : std::filesystem::path{"."};
    struct stat about {};
    struct stat is {};
    if (::stat(folder.c_str(), &about) != 0 || ::fstat(made, &is) != 0) {
        return false;
    }
    const bool theirs = is.st_uid == about.st_uid && is.st_gid == about.st_gid;
    return theirs || ::fchown(made, about.st_uid, about.st_gid) == 0 || errno == EPERM;
}

}  // namespace onechat::storage
