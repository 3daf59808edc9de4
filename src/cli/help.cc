#include "footfall/cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/check.h"
#include "footfall/base/words.h"
#include "footfall/cli/verb_table.h"

namespace footfall::cli {
namespace {

struct Line {
  std::string name;
  std::string help;
};

std::string heading(const std::string& title, const Style& style) {
  return "\n" + style.paint(title, Tone::kStrong) + "\n";
}

std::string title(const std::string& name, const std::string& summary, const Style& style) {
  const std::size_t used = base::display_width(name);
  return style.paint(name, Tone::kStrong) + " — " + wrap(summary, style.width, 2, used + 3) + "\n";
}

std::string lines(const std::vector<Line>& all, const Style& style) {
  constexpr std::size_t kNameMax = 24;
  std::size_t widest = 0;
  for (const Line& line : all) widest = std::max(widest, base::display_width(line.name));
  const std::size_t indent = 2 + std::min(widest, kNameMax) + 2;
  std::string result;
  for (const Line& line : all) {
    const std::string name = style.paint(line.name, Tone::kAccent);
    const std::size_t columns = 2 + base::display_width(line.name);
    const std::string text = wrap(line.help, style.width, indent, indent);
    if (columns + 2 > indent) {
      result += fmt::format("  {}\n{}{}\n", name, std::string(indent, ' '), text);
    } else {
      result += fmt::format("  {}{}{}\n", name, std::string(indent - columns, ' '), text);
    }
  }
  return result;
}

std::string examples(const std::vector<std::string>& all, const Style& style) {
  std::string result = heading("Examples", style);
  // A command is never broken by us: it must stay fit to be copied.
  for (const std::string& example : all) result += "  " + example + "\n";
  return result;
}

std::string flag_name(const Flag& flag) {
  return "--" + flag.name + (flag.value.empty() ? "" : " " + flag.value);
}

std::vector<Line> flag_lines(const std::vector<Flag>& flags) {
  std::vector<Line> all;
  for (const Flag& flag : flags) all.push_back({flag_name(flag), flag.help});
  return all;
}

// The usage over as many lines as it needs; a flag and its value stay together.
std::string usage_lines(const Verb& verb, const Style& style) {
  constexpr std::size_t kIndent = 6;
  std::string text = "footfall " + verb.name;
  std::size_t used = 2 + text.size();
  const auto add = [&](const std::string& part) {
    const std::size_t columns = base::display_width(part);
    const bool fits = used + 1 + columns <= style.width;
    text += (fits ? " " : "\n" + std::string(kIndent, ' ')) + part;
    used = (fits ? used + 1 : kIndent) + columns;
  };
  for (const Place& place : verb.places) {
    const std::string name = place.name + (place.many ? "…" : "");
    add(place.required ? name : "[" + name + "]");
  }
  if (verb.open_flags) add("[--KEY VALUE…]");
  for (const Flag& flag : verb.flags) {
    if (flag.required) add(flag_name(flag));
  }
  for (const Flag& flag : verb.flags) {
    if (!flag.required) add("[" + flag_name(flag) + "]");
  }
  return text;
}

}  // namespace

std::string program_help(const Style& style) {
  std::string text = wrap(
      "Footfall watches what people do in a shop, answers questions on it exactly, and recommends "
      "what to show next. A shop is a folder.",
      style.width, 0);
  text += "\n" + heading("Usage", style) + "  footfall VERB SHOP … [--json] [--threads N]\n";
  text += heading("Verbs", style);
  std::vector<Line> all;
  for (const Verb& verb : verbs()) all.push_back({verb.name, verb.summary});
  text += lines(all, style);
  text += heading("Flags of every verb", style) + lines(flag_lines(global_flags()), style);
  text += examples({"footfall init demo --zone Europe/London --currency GBP",
                    "footfall collect demo orders/*.csv", "footfall ask demo sales --by week",
                    "footfall decide demo recommend --user 17850"},
                   style);
  text += "\n" +
          wrap(
              "`footfall VERB --help` tells more; `footfall ask --help` lists the "
              "questions, `footfall ask SHOP QUESTION --help` explains one.",
              style.width, 0) +
          "\n";
  text += "\n" +
          wrap(
              "Exit codes: 0 done; 1 done, but something needs a look; 2 refused; 3 the "
              "machine failed (disk, memory).",
              style.width, 0) +
          "\n";
  return text;
}

std::string verb_help(const std::string& name,
                      const std::vector<engine::QuestionSummary>& questions, const Style& style) {
  const Verb* verb = find_verb(name);
  FOOTFALL_CHECK(verb != nullptr);
  std::string text = title("footfall " + name, verb->summary, style);
  text += heading("Usage", style) + "  " + usage_lines(*verb, style) + "\n";
  if (!verb->details.empty()) text += "\n" + wrap(verb->details, style.width, 0) + "\n";
  std::vector<Line> places;
  for (const Place& place : verb->places) places.push_back({place.name, place.help});
  if (!places.empty()) text += heading("Words", style) + lines(places, style);
  if (!verb->flags.empty()) text += heading("Flags", style) + lines(flag_lines(verb->flags), style);
  if (name == "ask") {
    std::vector<Line> all;
    for (const auto& question : questions) all.push_back({question.name, question.summary});
    all.push_back({"sql \"QUERY\"", "the same as `footfall sql SHOP \"QUERY\"`"});
    all.push_back({"FILE.json", "a question as a document; - reads it from standard input"});
    text += heading("Questions", style) + lines(all, style);
  }
  text += heading("Flags of every verb", style) + lines(flag_lines(global_flags()), style);
  return text + examples(verb->examples, style);
}

std::string question_help(const engine::QuestionSummary& question, const Style& style) {
  std::string text = title("footfall ask SHOP " + question.name, question.summary, style);
  std::vector<Line> all;
  for (const auto& key : question.keys) {
    std::string flag = "--" + key.name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    all.push_back({flag + (key.is_switch ? "" : " …"), key.help});
  }
  text += heading("Flags", style) + lines(all, style);
  if (!question.example.empty()) {
    const bool whole = question.example.starts_with("footfall ");
    text += examples({whole ? question.example
                            : fmt::format("footfall ask demo {}{}{}", question.name,
                                          question.example.empty() ? "" : " ", question.example)},
                     style);
  }
  return text;
}

}  // namespace footfall::cli
