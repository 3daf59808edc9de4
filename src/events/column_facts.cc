#include "footfall/events/column_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "footfall/events/event_words.h"
#include "footfall/events/field_names.h"
#include "footfall/events/time_text.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

struct Counts {
  std::uint64_t present = 0;
  std::uint64_t numbers = 0;
  std::uint64_t event_words = 0;
  std::uint64_t written = 0;
  TimeVotes times;

  void see(const RawColumn& column, std::size_t row) {
    ++present;
    if (column.kind == CellKind::kInstant) {
      times.see_instant();
      ++written;
      return;
    }
    if (column.kind == CellKind::kInteger) {
      ++numbers;
      times.see_integer(column.integers[row]);
      return;
    }
    const std::string text = cell_text(column, row);
    const bool point = parse_amount(text, NumberStyle::kPoint).has_value();
    const bool number = point || parse_amount(text, NumberStyle::kComma).has_value() ||
                        parse_amount(text, NumberStyle::kGroupedPoint).has_value() ||
                        parse_written(text, NumberStyle::kPoint).has_value() ||
                        parse_written(text, NumberStyle::kComma).has_value() ||
                        parse_written(text, NumberStyle::kGroupedPoint).has_value();
    numbers += number ? 1 : 0;
    const std::uint64_t before = times.readable();
    times.see_text(text);
    written += times.readable() > before && !point ? 1 : 0;
    event_words += event_of_word(text).empty() ? 0 : 1;
  }
};

}  // namespace

std::vector<ColumnFacts> column_facts(std::span<const RawChunk> sample) {
  std::vector<ColumnFacts> facts;
  std::vector<Counts> counts;
  for (const RawChunk& chunk : sample) {
    for (const RawColumn& column : chunk.columns) {
      auto found = std::find_if(facts.begin(), facts.end(),
                                [&](const ColumnFacts& one) { return one.name == column.name; });
      if (found == facts.end()) {
        facts.push_back({column.name, squeeze(column.name)});
        counts.emplace_back();
        found = facts.end() - 1;
      }
      Counts& count = counts[static_cast<std::size_t>(found - facts.begin())];
      for (std::size_t row = 0; row < chunk.size() && count.present < kSampleCells; ++row) {
        if (!column.is_absent(row)) count.see(column, row);
      }
    }
  }
  for (std::size_t i = 0; i < facts.size(); ++i) {
    facts[i].present = counts[i].present;
    const double all = static_cast<double>(std::max<std::uint64_t>(1, counts[i].present));
    facts[i].numbers = static_cast<double>(counts[i].numbers) / all;
    facts[i].times = static_cast<double>(counts[i].times.readable()) / all;
    facts[i].written_times = static_cast<double>(counts[i].written) / all;
    facts[i].event_words = static_cast<double>(counts[i].event_words) / all;
  }
  return facts;
}

std::string squeeze(std::string_view name) {
  const std::size_t colon = name.find(':');
  std::string result;
  bool accented = false;
  for (const char c : name.substr(0, colon)) {
    const auto byte = static_cast<unsigned char>(c);
    if (accented && byte >= 0x80 && byte < 0xC0 && unaccented(byte) != '.') {
      result += unaccented(byte);
    }
    accented = byte == 0xC3;
    if (c >= 'A' && c <= 'Z') result += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) result += c;
  }
  return result;
}

int order_signs(std::span<const ColumnFacts> columns) {
  // A price before an order: "order total" is one.
  constexpr std::array<std::array<std::string_view, 12>, 3> kWords = {
      {{"price", "cost", "amount", "total", "preis", "betrag", "summe", "prix", "montant", "precio",
        "importe", "prezzo"},
       {"quant", "qty", "pieces", "pcs", "units", "menge", "anzahl", "stueck", "stk", "cantidad",
        "qte", "unidades"},
       {"order", "invoice", "receipt", "bestell", "auftrag", "rechnung", "beleg", "commande",
        "facture", "pedido", "factura", "ordine"}}};
  std::array<bool, kWords.size()> told{};
  for (const ColumnFacts& column : columns) {
    // Dates tell of anything, and a stock is ordered anew.
    if (column.written_times > 0.5 || column.squeezed.starts_with("reorder")) continue;
    for (std::size_t part = 0; part < kWords.size(); ++part) {
      const bool tells = std::any_of(
          kWords[part].begin(), kWords[part].end(),
          [&](std::string_view word) { return column.squeezed.find(word) != std::string::npos; });
      told[part] = told[part] || tells;
      if (tells) break;
    }
  }
  return static_cast<int>(std::count(told.begin(), told.end(), true));
}

bool is_personal(std::string_view column) {
  constexpr auto kParts = std::to_array<std::string_view>(
      {"email", "phone", "address", "street", "firstname", "lastname", "surname", "fullname",
       "billingname", "shippingname", "customername", "birthdate", "dateofbirth", "birthday",
       "password", "ipaddress", "useragent", "username", "reviewername", "sessionid", "pseudoid",
       "deviceid", "clientid", "cookie",
       // German, French, Spanish and Italian, as headers are recognised in these languages.
       "vorname", "nachname", "familienname", "kundenname", "geburt", "strasse", "strase",
       "hausnummer", "anschrift", "adresse", "telefon", "telefax", "passwort", "benutzername",
       "prenom", "nomdefamille", "nomclient", "nomduclient", "naissance", "motdepasse", "courriel",
       "telecopie", "nombrecliente", "nombredelcliente", "apellido", "direccion", "nacimiento",
       "correo", "contrasena", "nomecliente", "cognome", "indirizzo", "nascita", "codicefiscale"});
  // Too short to be looked for inside other words.
  constexpr auto kWhole =
      std::to_array<std::string_view>({"ip", "userip", "clientip", "nom", "nombre", "nome", "rue",
                                       "calle", "handy", "movil", "dni"});
  const std::string name = squeeze(column);
  if (std::find(kWhole.begin(), kWhole.end(), name) != kWhole.end()) return true;
  const auto names = field_names();
  const bool is_id = std::any_of(names.begin(), names.end(), [&](const FieldName& known) {
    return known.squeezed == name && (known.field == "user" || known.field == "device");
  });
  if (is_id) return true;
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

}  // namespace footfall::events
