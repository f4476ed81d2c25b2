// The subcommands of the binary. Each reads its flags from its arguments (argv[0] is its name) and
// returns the process's exit status; a wrong command line is 2 with a sentence on stderr. Main
// thread.
#pragma once

namespace onechat::cli {

int serve(int argc, char** argv);
int check_config(int argc, char** argv);
int doctor(int argc, char** argv);
int backup(int argc, char** argv);
int restore(int argc, char** argv);
int migrate(int argc, char** argv);
int renew_keys(int argc, char** argv);
int talk(int argc, char** argv);
int bench(int argc, char** argv);
int describe(int argc, char** argv);
int admin(int argc, char** argv);

}  // namespace onechat::cli
