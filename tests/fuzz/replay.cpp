// Feeds kept inputs to a target, for compilers without libFuzzer: what was found once is looked at
// in every build. Not a search for anything new.
// usage: <target> FILE_OR_FOLDER...
#include "tests/fuzz/target.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

std::size_t replay(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    const std::vector<char> kept{std::istreambuf_iterator<char>{in}, {}};
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);  // whoever aborts is then the last one named
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(kept.data()), kept.size());
    return 1;
}

}  // namespace

int main(int count, char** names) {
    std::size_t files = 0;
    for (int n = 1; n < count; ++n) {
        if (!std::filesystem::is_directory(names[n])) {
            files += replay(names[n]);
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator{names[n]}) {
            files += replay(entry.path());
        }
    }
    std::printf("%zu inputs\n", files);
    return files == 0 ? 1 : 0;
}
