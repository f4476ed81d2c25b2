// SQLite's view of the disk, with writes and syncs that fail when the test says so. While one is
// alive, every database that is opened goes through it; one at a time.
#pragma once

#include <sqlite3.h>

#include <cerrno>
#include <map>

namespace onechat::test {

class faulty_disk {
public:
    enum class write_fault { none, no_space, over_quota, broken };

    faulty_disk() {
        real_ = sqlite3_vfs_find(nullptr);
        vfs_ = *real_;
        vfs_.zName = "faulty";
        vfs_.xOpen = open;
        sqlite3_vfs_register(&vfs_, 1);
        writes = write_fault::none;
        syncs_fail = false;
    }
    ~faulty_disk() {
        sqlite3_vfs_unregister(&vfs_);
        sqlite3_vfs_register(real_, 1);
    }
    faulty_disk(const faulty_disk&) = delete;
    faulty_disk& operator=(const faulty_disk&) = delete;

    static inline write_fault writes = write_fault::none;
    static inline bool syncs_fail = false;

private:
    // A file points to its kind's table of methods: a patched copy takes the table's place.
    struct patched {
        sqlite3_io_methods methods;  // first, so that a pointer to it is one to the whole
        const sqlite3_io_methods* real;
    };
    static const sqlite3_io_methods* real_of(sqlite3_file* file) {
        return reinterpret_cast<const patched*>(file->pMethods)->real;
    }
    static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
        const int code = real_->xOpen(real_, name, file, flags, out);
        if (file->pMethods != nullptr) {
            patched& table = tables_.try_emplace(file->pMethods).first->second;
            table = {*file->pMethods, file->pMethods};
            table.methods.xWrite = write;
            table.methods.xSync = sync;
            file->pMethods = &table.methods;
        }
        return code;
    }
    static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
        switch (writes) {
            case write_fault::none:
                return real_of(file)->xWrite(file, data, size, offset);
            case write_fault::no_space:
                return SQLITE_FULL;
            case write_fault::over_quota:
                errno = EDQUOT;
                return SQLITE_IOERR_WRITE;
            case write_fault::broken:
                break;
        }
        errno = EIO;
        return SQLITE_IOERR_WRITE;
    }
    static int sync(sqlite3_file* file, int flags) {
        if (syncs_fail) {
            errno = EIO;
            return SQLITE_IOERR_FSYNC;
        }
        return real_of(file)->xSync(file, flags);
    }

    static inline sqlite3_vfs* real_ = nullptr;
    static inline sqlite3_vfs vfs_{};
    static inline std::map<const sqlite3_io_methods*, patched> tables_;
};

}  // namespace onechat::test
