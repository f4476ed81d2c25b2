// Lets the SQL of a connection read `fresh_places`: as a table of that name, in memory
// (https://www.sqlite.org/vtab.html), and in the views that tell where a pair's events lie. They
// are the program's, not the file's: another program finds `messages` and, of all but the newest,
// `places`. Used by the connection's thread.
#pragma once

#include "storage/fresh_places.hpp"
#include "storage/sqlite.hpp"

namespace onechat::storage {

// Makes for this connection
//   fresh_places  (pair, seq, message); only to be asked for one pair's, by rising or falling seq
//   fresh_events  those of them whose message this transaction sees
//   events        all events, whose places are fresh or not; each once
// Ask for `seq` when you order by it: then both halves of `events` are read in order, and no
// further than asked. The database must have its schema; `places` must outlive it. Throws
// storage_error.
void show_fresh_places(database& db, fresh_places& places);

}  // namespace onechat::storage
