#include "footfall/cli/render_documents.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/cli/collected_document.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

bool is_object_list(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& e) { return e.is_object(); });
}

std::string scalar_words(const std::string& key, const Json& value) {
  if (value.is_null()) return "–";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number()) {
    const auto number = value.get<double>();
    if (key == "bytes" || key.ends_with("_bytes")) return bytes_words(number);
    if (key == "id" || key == "generation" || key == "seed" || key == "pid") return value.dump();
    return grouped(number, value.is_number_integer() ? 0 : 2);
  }
  if (key.ends_with("_at") && value.is_string()) return instant_words(value.get<std::string>());
  if (value.is_array() && std::all_of(value.begin(), value.end(),
                                      [](const Json& part) { return part.is_primitive(); })) {
    std::vector<std::string> words;
    for (const Json& part : value) words.push_back(scalar_words(key, part));
    return fmt::format("{}", fmt::join(words, ", "));
  }
  return member_text(Json{{"text", value}}, "text");
}

// The words of a member that is an object; members of "bytes" are bytes too.
std::string object_words(const Json& object, const std::string& name = "") {
  if (name == "snapshot") return snapshot_words(object);
  std::vector<std::string> parts;
  for (const auto& [key, value] : object.items()) {
    parts.push_back(spoken(key) + " " + scalar_words(name == "bytes" ? name : key, value));
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::string render_object_list(const std::string& key, const Json& list, const Style& style) {
  std::vector<std::string> keys;
  for (const Json& entry : list) {
    for (const auto& [name, value] : entry.items()) {
      if (std::find(keys.begin(), keys.end(), name) == keys.end()) keys.push_back(name);
    }
  }
  std::vector<TableHead> heads;
  for (const auto& name : keys) {
    const Json& first = member(list.front(), name);
    heads.push_back({spoken(name), "", first.is_number(), !first.is_number()});
  }
  TextTable table(std::move(heads));
  for (const Json& entry : list) {
    std::vector<TableCell> cells;
    for (const auto& name : keys) {
      const Json& value = member(entry, name);
      cells.push_back({value.is_object() ? object_words(value, name) : scalar_words(name, value)});
    }
    table.add_row(std::move(cells));
  }
  return section_heading(title_case(key), style) + table.render(style);
}

}  // namespace

std::string bytes_words(double bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(kUnits)) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, kUnits[unit]);
}

std::string render_status(const Json& document, const Style& style) {
  const std::string shop = member_text(document, "shop");
  std::string text = headline(shop.empty() ? "Shop" : "Shop " + shop, "", style) + "\n";
  std::size_t widest = 0;
  for (const auto& [key, value] : document.items()) {
    if (value.is_primitive()) widest = std::max(widest, base::display_width(spoken(key)));
  }
  std::vector<std::string> cells;
  for (const auto& [key, value] : document.items()) {
    if (key == "shop" || !value.is_primitive()) continue;
    cells.push_back(pad(spoken(key), widest) + "  " + scalar_words(key, value));
  }
  text += side_by_side(cells, style.width) + "\n";
  text += note("Snapshot", snapshot_words(member(document, "snapshot")), style);
  for (const auto& [key, value] : document.items()) {
    // Which part holds what matters to whoever keeps the shop, not to whoever asks it.
    if (!is_object_list(value) || (key == "parts" && !style.full)) continue;
    text += render_object_list(key, value, style);
  }
  const Json& terms = member(document, "terms");
  if (terms.is_object() && !terms.empty()) text += section_heading("Terms", style);
  std::size_t name_width = 0;
  for (const auto& [key, words] : terms.items()) name_width = std::max(name_width, key.size());
  for (const auto& [key, words] : terms.items()) {
    const std::size_t indent = 2 + name_width + 2;
    text += "  " + pad(spoken(key), name_width) + "  " +
            style.paint(wrap(scalar_words(key, words), style.width, indent, indent), Tone::kDim) +
            "\n";
  }
  return text + warning_notes(document, style);
}

std::string render_verified(const Json& document, const Style& style) {
  const bool sound = attention_of("verify", document).empty();
  std::string text = headline("Verify", "", style) + "\n";
  text += "  " +
          (sound ? style.paint("Every byte checked is as it was written.", Tone::kGood)
                 : style.paint("Damage was found.", Tone::kBad)) +
          "\n";
  // A path is to be copied: it stands whole on a line of its own.
  for (const Json& damage : member(document, "damage")) {
    const std::string what = member_text(damage, "part") + ": " + member_text(damage, "what");
    text += "  " + style.paint(member_text(damage, "file"), Tone::kStrong) + "\n    " +
            wrap(what, style.width, 4, 4) + "\n";
  }
  for (const auto& [key, value] : document.items()) {
    if (key == "ok" || key == "damage") continue;
    if (is_object_list(value)) {
      text += render_object_list(key, value, style);
    } else {
      text += "\n" + note(title_case(key),
                          value.is_object() ? object_words(value, key) : scalar_words(key, value),
                          style, Tone::kPlain);
    }
  }
  return text;
}

std::string render_members(const std::string& title, const Json& document, const Style& style) {
  std::string text = headline(title, "", style) + "\n";
  if (!document.is_object()) return text + "  " + scalar_words("", document) + "\n";
  std::size_t widest = 0;
  for (const auto& [key, value] : document.items()) {
    if (!is_object_list(value)) widest = std::max(widest, base::display_width(spoken(key)));
  }
  std::string lists;
  for (const auto& [key, value] : document.items()) {
    if (is_object_list(value)) {
      lists += render_object_list(key, value, style);
      continue;
    }
    if (value.is_array() && value.empty()) continue;
    if (key == "warnings") continue;
    const std::string words =
        value.is_object() ? object_words(value, key) : scalar_words(key, value);
    const std::size_t indent = 2 + widest + 2;
    text += "  " + style.paint(pad(spoken(key), widest), Tone::kDim) + "  " +
            wrap(words, style.width, indent, indent) + "\n";
  }
  text += lists;
  for (const Json& warning : member(document, "warnings")) {
    text += "\n" + note("Warning", scalar_words("", warning), style, Tone::kBad);
  }
  return text;
}

base::Result<std::string> render_document(const std::string& verb, const Json& document,
                                          const Json& request, const Style& style) {
  const bool has_rows =
      member(document, "columns").is_array() && member(document, "rows").is_array();
  if (has_rows) return render_answer(document, request, style);
  if (document.contains("rows_read")) return render_collected(document, style);
  if (verb == "status") return render_status(document, style);
  if (document.contains("cards")) return render_learned(document, style);
  if (document.contains("results") && document.contains("receipt")) {
    return render_decided(document, request, style);
  }
  if (verb == "verify") return render_verified(document, style);
  return render_members(title_case(verb), document, style);
}

std::string attention_of(const std::string& verb, const Json& document) {
  const std::string own = member_text(document, "attention");
  if (!own.empty()) return own;
  if (verb == "collect") {
    const double rejected = count_of(member(document, "rejected"));
    if (rejected > 0) {
      return fmt::format("{} {} could not be read; the report says which", grouped(rejected, 0),
                         rejected == 1 ? "row" : "rows");
    }
    const double quarantined = count_of(member(document, "quarantined"));
    const Json& read = member(document, "rows_read");
    if (quarantined > 0 && read == Json(quarantined)) {
      return fmt::format("no row was taken: all {} are quarantined; the report says why",
                         grouped(quarantined, 0));
    }
    if (read.is_number() && quarantined * 2 > read.get<double>()) {
      return fmt::format("most rows were not taken: {} of {} are quarantined; the report says why",
                         grouped(quarantined, 0), grouped(read.get<double>(), 0));
    }
  }
  if (verb == "verify") {
    const Json& damage = member(document, "damage");
    const bool found =
        member(document, "ok") == Json(false) || (damage.is_array() && !damage.empty());
    if (found) return "damage was found; restore from a backup, or read what is sound";
  }
  return "";
}

}  // namespace footfall::cli
