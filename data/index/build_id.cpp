#include "data/index/build_id.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace jobmap::data {
namespace {

// The note of type NT_GNU_BUILD_ID in the first object of the process, which is the program itself.
int find_note(dl_phdr_info* info, std::size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* p = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
    const auto* end = p + segment.p_memsz;
    while (p + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, p, sizeof note);
      const char* name = p + sizeof note;
      const char* id = name + (note.n_namesz + 3) / 4 * 4;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
        static constexpr char digits[] = "0123456789abcdef";
        for (unsigned k = 0; k < note.n_descsz && k < 5; ++k) {
          const auto byte = static_cast<unsigned char>(id[k]);
          *static_cast<std::string*>(out) += {digits[byte >> 4], digits[byte & 15]};
        }
        return 1;
      }
      p = id + (note.n_descsz + 3) / 4 * 4;
    }
  }
  return 1;
}

}  // namespace

std::string_view program_version() { return JOBMAP_PROGRAM_VERSION; }

const std::string& build_id() {
  static const std::string id = [] {
    std::string text;
    dl_iterate_phdr(find_note, &text);
    return text.empty() ? std::string("dev") : text;
  }();
  return id;
}

}  // namespace jobmap::data
