#include "footfall/cli/render_documents.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

std::string count_words(const Json& count) {
  return count.is_number() ? grouped(count.get<double>(), 0) : "–";
}

double count_of(const Json& list) {
  double sum = 0;
  for (const Json& entry : list) {
    const Json& count = member(entry, "count");
    if (count.is_number()) sum += count.get<double>();
  }
  return sum;
}

std::string section(const std::string& title, const Style& style) {
  return "\n" + style.paint("  " + title, Tone::kStrong) + "\n";
}

// The first examples of a reason, each as "file:row:column: message".
std::string examples(const Json& entry, const Style& style) {
  constexpr std::size_t kExamplesMax = 2;
  constexpr std::size_t kExampleLinesMax = 3;
  std::string text;
  std::size_t shown = 0;
  for (const Json& example : member(entry, "examples")) {
    if (shown++ == kExamplesMax) break;
    std::string words;
    if (example.is_object()) {
      words = member_text(example, "file");
      if (!member(example, "row").is_null()) words += ":" + member_text(example, "row");
      const std::string column = member_text(example, "column");
      if (!column.empty()) words += ":" + column;
      for (const char* key : {"message", "text", "value", "field"}) {
        const std::string part = member_text(example, key);
        if (!part.empty()) words += (words.empty() ? "" : ": ") + part;
      }
    } else {
      words = member_text(Json{{"text", example}}, "text");
    }
    words = base::shorten(words, kExampleLinesMax * style.width);
    text += style.paint("      " + wrap(words, style.width, 8, 6), Tone::kDim) + "\n";
  }
  return text;
}

// "    1,797  price zero", with examples below.
std::string reasons(const Json& list, const std::string& key, const Style& style) {
  std::string text;
  for (const Json& entry : list) {
    text += fmt::format("  {}  {}\n", pad(count_words(member(entry, "count")), 11, true),
                        spoken(member_text(entry, key)));
    text += examples(entry, style);
  }
  return text;
}

std::string mapping_words(const Json& mapping) {
  if (mapping.is_string()) return member_text(Json{{"text", mapping}}, "text");
  if (mapping.is_object() && mapping.contains("column")) {
    std::string words = member_text(mapping, "column");
    for (const char* key : {"unit", "zone"}) {
      const std::string part = member_text(mapping, key);
      if (!part.empty()) words += fmt::format(" ({} {})", key, part);
    }
    return words;
  }
  return member_text(Json{{"text", mapping}}, "text");
}

std::string render_mapping(const Json& mapping, const Style& style) {
  TextTable table({{"meaning"}, {"column", "", false, true}, {"confidence", "", true}});
  for (const auto& [key, value] : mapping.items()) {
    if (key == "confidence" || key == "format") continue;
    const Json& confidence = member(value, "confidence");
    table.add_row(
        {{spoken(key)},
         {mapping_words(value)},
         {confidence.is_number() ? fmt::format("{:.0f} %", confidence.get<double>() * 100) : "",
          Tone::kDim}});
  }
  const std::string format = member_text(mapping, "format");
  return section("How the columns were read" + (format.empty() ? "" : " (" + format + ")"), style) +
         table.render(style);
}

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
  return section(title_case(key), style) + table.render(style);
}

// What became of the rows, as shares of all that were read.
std::string render_fates(const Json& document, const Style& style) {
  struct Fate {
    const char* name;
    double count;
    Tone tone;
  };
  const auto number = [&](const char* key) {
    const Json& count = member(document, key);
    return count.is_number() ? count.get<double>() : 0.0;
  };
  const double read = number("rows_read");
  const double rejected = count_of(member(document, "rejected"));
  const Fate fates[] = {
      {"read", read, Tone::kStrong},
      {"taken", number("taken"), Tone::kGood},
      {"duplicates, dropped", number("duplicates"), Tone::kPlain},
      {"quarantined, kept apart", count_of(member(document, "quarantined")), Tone::kPlain},
      {"rejected, unreadable", rejected, rejected > 0 ? Tone::kBad : Tone::kPlain}};
  TextTable table(
      {{"rows"}, {"count", "", true}, {"share", "", true}, {"", "", false, false, true}});
  for (const Fate& fate : fates) {
    const double share = read > 0 ? fate.count / read : 0;
    table.add_row({{fate.name, fate.tone},
                   {grouped(fate.count, 0), fate.tone},
                   {fmt::format("{:.1f} %", share * 100), Tone::kDim},
                   {"", Tone::kAccent, share}});
  }
  return table.render(style);
}

// Names in folders that are no data files: how many, and the first of them.
std::string skipped_words(const Json& skipped) {
  constexpr std::size_t kNamesMax = 10;
  std::string words = skipped.size() == 1
                          ? "1 name in a folder is no data file: "
                          : fmt::format("{} names in folders are no data files: ",
                                        grouped(static_cast<double>(skipped.size()), 0));
  for (std::size_t i = 0; i < std::min(kNamesMax, skipped.size()); ++i) {
    words += (i == 0 ? "" : ", ") + member_text(Json{{"text", skipped[i]}}, "text");
  }
  if (skipped.size() > kNamesMax) words += fmt::format(" and {} more", skipped.size() - kNamesMax);
  return words;
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

std::string render_collected(const Json& document, const Style& style) {
  std::string files;
  const Json& list = member(document, "files");
  if (list.is_array()) {
    files =
        list.size() == 1
            ? safe(list.front().is_string() ? list.front().get<std::string>() : list.front().dump())
            : fmt::format("{} files", grouped(static_cast<double>(list.size()), 0));
  } else if (list.is_number()) {
    files = count_words(list) + (list == Json(1) ? " file" : " files");
  }
  if (member(document, "dry_run") == Json(true)) files += files.empty() ? "dry run" : " · dry run";
  std::string text = headline("Cleaning report", files, style) + "\n";

  text += render_fates(document, style);
  const Json& skipped = member(document, "skipped");
  if (skipped.is_array() && !skipped.empty()) {
    text += "\n" + note("Skipped", skipped_words(skipped), style, Tone::kPlain);
  }
  struct Part {
    const char* key;
    const char* title;
    const char* name;
  };
  constexpr Part kParts[] = {{"rejected", "Rejected: could not be read", "reason"},
                             {"quarantined", "Quarantined: kept, can be tried again", "reason"},
                             {"marked", "Marked: taken, and known for what they are", "reason"},
                             {"filled", "Filled from other rows", "field"}};
  for (const Part& part : kParts) {
    const Json& entries = member(document, part.key);
    if (entries.empty()) continue;
    text += section(part.title, style) + reasons(entries, part.name, style);
  }
  const Json& mapping = member(document, "mapping");
  if (mapping.is_object() && !mapping.empty()) text += render_mapping(mapping, style);
  text += "\n";
  const std::string batch = member_text(document, "batch");
  if (!batch.empty()) {
    text += note("Batch", batch + " · `footfall collect SHOP --undo " + batch + "` takes it back",
                 style);
  }
  text += note("Snapshot", snapshot_words(member(document, "snapshot")), style);
  for (const Json& warning : member(document, "warnings")) {
    text += note("Warning", member_text(Json{{"text", warning}}, "text"), style, Tone::kBad);
  }
  return text;
}

std::string render_status(const Json& document, const Style& style) {
  const std::string shop = member_text(document, "shop");
  return render_members(shop.empty() ? "Shop" : "Shop " + shop, document, style);
}

std::string render_verified(const Json& document, const Style& style) {
  const bool sound = attention_of("verify", document).empty();
  std::string text = headline("Verify", "", style) + "\n";
  text += "  " +
          (sound ? style.paint("Every byte checked is as it was written.", Tone::kGood)
                 : style.paint("Damage was found.", Tone::kBad)) +
          "\n";
  for (const auto& [key, value] : document.items()) {
    if (key == "ok" || (value.is_array() && value.empty())) continue;
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
    return render_decided(document, style);
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
      return fmt::format("{} rows could not be read; the report says which", grouped(rejected, 0));
    }
    const double quarantined = count_of(member(document, "quarantined"));
    if (quarantined > 0 && member(document, "rows_read") == Json(quarantined)) {
      return fmt::format("no row was taken: all {} are quarantined; the report says why",
                         grouped(quarantined, 0));
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
