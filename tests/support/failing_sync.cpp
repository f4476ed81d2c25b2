// Preloaded into the real server by tests: syncs fail with EIO while the file named by
// ONECHAT_SYNC_FAILS exists, and do not return while that of ONECHAT_SYNC_HANGS does. Not linked
// into anything.
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

namespace {

bool is_there(const char* name) {
    const char* mark = std::getenv(name);
    return mark != nullptr && ::access(mark, F_OK) == 0;
}

int sync_by(const char* name, int descriptor) {
    while (is_there("ONECHAT_SYNC_HANGS")) {
        ::usleep(10'000);
    }
    if (is_there("ONECHAT_SYNC_FAILS")) {
        errno = EIO;
        return -1;
    }
    using function = int (*)(int);
    return reinterpret_cast<function>(::dlsym(RTLD_NEXT, name))(descriptor);
}

}  // namespace

extern "C" int fdatasync(int descriptor) {
    return sync_by("fdatasync", descriptor);
}

extern "C" int fsync(int descriptor) {
    return sync_by("fsync", descriptor);
}
