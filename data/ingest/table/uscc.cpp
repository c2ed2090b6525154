#include "data/ingest/table/uscc.hpp"

namespace jobmap::data {

char uscc_check_character(std::string_view first17) {
  if (first17.size() != 17) return '\0';
  unsigned sum = 0, weight = 1;
  for (const char c : first17) {
    const auto value = uscc_alphabet.find(c);
    if (value == std::string_view::npos) return '\0';
    sum += static_cast<unsigned>(value) * weight;
    weight = weight * 3 % 31;
  }
  return uscc_alphabet[(31 - sum % 31) % 31];
}

bool is_valid_uscc(std::string_view code) {
  if (code.size() != 18) return false;
  for (const char c : code.substr(2, 6))
    if (c < '0' || c > '9') return false;
  const char check = uscc_check_character(code.substr(0, 17));
  return check != '\0' && check == code[17];
}

}  // namespace jobmap::data
