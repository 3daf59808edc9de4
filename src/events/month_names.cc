#include "footfall/events/month_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "footfall/base/words.h"

namespace footfall::events {
namespace {

const std::array<std::vector<std::string_view>, 12>& names() {
  static const std::array<std::vector<std::string_view>, 12> all = {{
      {"january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene"},
      {"february", "feb", "februar", "février", "fevrier", "févr", "fevr", "fév", "febrero"},
      {"march", "mar", "märz", "maerz", "mär", "mrz", "mars", "marzo"},
      {"april", "apr", "avril", "avr", "abril", "abr"},
      {"may", "mai", "mayo"},
      {"june", "jun", "juni", "juin", "junio"},
      {"july", "jul", "juli", "juillet", "juil", "julio"},
      {"august", "aug", "août", "aout", "agosto", "ago"},
      {"september", "sep", "sept", "septembre", "septiembre"},
      {"october", "oct", "oktober", "okt", "octobre", "octubre"},
      {"november", "nov", "novembre", "noviembre"},
      {"december", "dec", "dezember", "dez", "décembre", "decembre", "déc", "diciembre", "dic"},
  }};
  return all;
}

}  // namespace

int month_of(std::string_view word) {
  const std::string lower = base::ascii_lower(word);
  for (std::size_t month = 0; month < names().size(); ++month) {
    const auto& forms = names()[month];
    if (std::find(forms.begin(), forms.end(), lower) != forms.end()) {
      return static_cast<int>(month) + 1;
    }
  }
  return 0;
}

}  // namespace footfall::events
