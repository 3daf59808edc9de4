#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/collected_document.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/render_documents.h"
#include "footfall/cli/table.h"

namespace footfall::cli {
namespace {

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
                   {share_words(share), Tone::kDim},
                   {"", Tone::kAccent, share}});
  }
  return table.render(style);
}

// "  1,797  price zero" for each reason, side by side; examples below those that have some.
std::string render_reasons(const std::vector<RowReason>& reasons, const Style& style) {
  constexpr std::size_t kExamplesMax = 2;
  std::size_t width = 0;
  for (const RowReason& reason : reasons) {
    width = std::max(width, grouped(reason.count, 0).size());
  }
  std::string text;
  std::vector<std::string> short_ones;
  for (const RowReason& reason : reasons) {
    const std::string line = pad(grouped(reason.count, 0), width, true) + "  " + reason.name;
    if (reason.examples.empty()) {
      short_ones.push_back(line);
      continue;
    }
    text += "  " + line + "\n";
    const std::size_t indent = 2 + width + 2;
    for (std::size_t i = 0; i < reason.examples.size(); ++i) {
      if (i == kExamplesMax && !style.full) break;
      text += std::string(indent, ' ') +
              style.paint(wrap(reason.examples[i], style.width, indent + 2, indent), Tone::kDim) +
              "\n";
    }
  }
  return text + side_by_side(short_ones, style.width);
}

// A lone reason without examples stands behind its title.
std::string render_part(const std::string& title, const std::vector<RowReason>& reasons,
                        const Style& style) {
  if (reasons.size() != 1 || !reasons[0].examples.empty()) {
    return section_heading(title, style) + render_reasons(reasons, style);
  }
  const std::string words = grouped(reasons[0].count, 0) + " " + reasons[0].name;
  return "\n" + style.paint("  " + title, Tone::kStrong) + "  " + words + "\n";
}

std::string render_mapping(const ShownMapping& mapping, const Style& style) {
  std::string title = "How the columns were read";
  if (mapping.files > 0)
    title += fmt::format(", {} file{}", mapping.files, mapping.files == 1 ? "" : "s");
  if (!mapping.format.empty()) title += " (" + mapping.format + ")";
  std::size_t field_width = 0;
  std::size_t column_width = 0;
  for (const MappedColumn& one : mapping.columns) {
    field_width = std::max(field_width, base::display_width(one.field));
    column_width = std::max(column_width, base::display_width(one.column));
  }
  std::vector<std::string> cells;
  for (const MappedColumn& one : mapping.columns) {
    std::string cell = pad(one.field, field_width) + "  " + pad(one.column, column_width);
    if (one.confidence.has_value()) cell += fmt::format("  {:3.0f} %", *one.confidence * 100);
    cells.push_back(std::move(cell));
  }
  std::string text = section_heading(title, style) + side_by_side(cells, style.width);
  if (!mapping.rest.empty()) {
    text += style.paint("  " + wrap(mapping.rest, style.width, 2, 2), Tone::kDim) + "\n";
  }
  return text;
}

std::string files_words(const Json& document) {
  std::string files;
  const Json& list = member(document, "files");
  if (list.is_array()) {
    files = list.size() == 1 ? safe(list.front().is_string() ? list.front().get<std::string>()
                                                             : list.front().dump())
                             : counted_words(static_cast<double>(list.size()), "files");
  } else if (list.is_number()) {
    files = grouped(list.get<double>(), 0) + (list == Json(1) ? " file" : " files");
  }
  if (member(document, "dry_run") == Json(true)) files += files.empty() ? "dry run" : " · dry run";
  return files;
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

std::string render_collected(const Json& document, const Style& style) {
  std::string text = headline("Cleaning report", files_words(document), style) + "\n";
  text += render_fates(document, style);
  const Json& skipped = member(document, "skipped");
  if (skipped.is_array() && !skipped.empty()) {
    text += "\n" + note("Skipped", skipped_words(skipped), style, Tone::kPlain);
  }
  // Repeated rows are marked too.
  const bool repeated = member(document, "duplicates") != Json(0);
  const char* const marked = !repeated ? "Marked: taken, and known for what they are"
                             : member(document, "taken") == Json(0)
                                 ? "Marked: already in the shop, known for what they are"
                                 : "Marked: taken or repeated, known for what they are";
  struct Part {
    const char* key;
    const char* title;
  };
  const Part parts[] = {{"rejected", "Rejected: could not be read"},
                        {"quarantined", "Quarantined: kept, can be tried again"},
                        {"marked", marked},
                        {"filled", "Filled from other rows"}};
  for (const Part& part : parts) {
    const auto reasons = read_reasons(member(document, part.key), style.full);
    if (reasons.empty()) continue;
    text += render_part(part.title, reasons, style);
  }
  for (const ShownMapping& mapping : read_mappings(member(document, "mapping"))) {
    text += render_mapping(mapping, style);
  }
  text += "\n";
  text += note("Views", views_words(member(document, "views")), style);
  for (const Json& words : member(document, "notes")) {
    text += note("Note", member_text(Json{{"text", words}}, "text"), style);
  }
  const std::string batch = member_text(document, "batch");
  if (!batch.empty()) {
    text += note("Batch", batch + " · `footfall collect SHOP --undo " + batch + "` takes it back",
                 style);
  }
  text += note("Snapshot", snapshot_words(member(document, "snapshot")), style);
  return text + warning_notes(document, style);
}

}  // namespace footfall::cli
