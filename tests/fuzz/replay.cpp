// Runs a fuzz target over the files of a folder, and over each with a byte changed, cut and doubled: what
// every preset does with the corpus.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0, inputs = 0;
  std::mt19937 random(1);
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes(std::istreambuf_iterator<char>(in), {});
      run(bytes), ++files, ++inputs;
      for (int k = 0; k < 300 && !bytes.empty(); ++k, ++inputs) {
        auto changed = bytes;
        const auto at = random() % changed.size();
        if (k % 3 == 0)
          changed[at] = static_cast<char>(random());
        else if (k % 3 == 1)
          changed.resize(at);
        else
          changed.insert(at, changed.substr(at / 2, 1 + random() % 9));
        run(changed);
      }
    }
  std::printf("%zu files, %zu inputs\n", files, inputs);
  return files == 0;
}
