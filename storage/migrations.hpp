// The schema, as the steps that led to it. Each step is one transaction that ends by raising the
// file's `user_version`; an applied step is never changed, a later one mends it. Runs once at a
// start, on the thread that opens the store.
#pragma once

#include "storage/sqlite.hpp"

#include <cstdint>

namespace onechat::storage {

// The version this program writes.
[[nodiscard]] std::int64_t schema_version();

// Brings a database up to schema_version(). Throws storage_error, also for a newer schema. REQUIRES
// that foreign keys are not enforced yet: a step may rebuild a table that others refer to.
void migrate(database& db);
// The same up to an older version, for tests of the steps between.
void migrate(database& db, std::int64_t version);

}  // namespace onechat::storage
