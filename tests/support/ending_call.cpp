// Preloaded into the real program by tests: with ONECHAT_ENDS_AT=N the process is gone before its
// Nth call that makes, moves or removes a name. Not linked into anything.
#include <cstdlib>
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

void count_call() {
    static const char* const ends = std::getenv("ONECHAT_ENDS_AT");
    static int left = ends == nullptr ? 0 : std::atoi(ends);
    if (left > 0 && --left == 0) {
        ::_exit(137);
    }
}

template <typename Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" int rename(const char* from, const char* to) {
    count_call();
    return next<int (*)(const char*, const char*)>("rename")(from, to);
}

extern "C" int mkdir(const char* name, mode_t mode) {
    count_call();
    return next<int (*)(const char*, mode_t)>("mkdir")(name, mode);
}

extern "C" int unlink(const char* name) {
    count_call();
    return next<int (*)(const char*)>("unlink")(name);
}
