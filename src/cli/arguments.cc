#include "footfall/cli/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "footfall/base/words.h"
#include "footfall/cli/verb_table.h"

namespace footfall::cli {
namespace {

using Questions = std::vector<engine::QuestionSummary>;

// Words with white space are never names of flags: "-- a comment of SQL".
bool is_flag(const std::string& word) {
  return word.size() > 2 && word.starts_with("--") && word.find_first_of(" \t\n") >= word.find('=');
}

std::string key_of(std::string flag) {
  std::replace(flag.begin(), flag.end(), '-', '_');
  return flag;
}

std::string flag_of(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

base::Error unknown_verb(const std::string& word, const Questions& questions) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  base::Error error = base::invalid(
      fmt::format("expected a verb, one of {}: {}", fmt::join(names, ", "), base::printable(word)));
  error.hint = base::nearest_words_hint(word, names);
  for (const auto& question : questions) {
    if (question.name == word) error.hint = fmt::format("try `footfall ask SHOP {}`", word);
  }
  return error;
}

const Flag* find_flag(const std::vector<Flag>& flags, const std::string& name) {
  const auto found =
      std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

// Reads one command line, word by word.
class Reader {
 public:
  Reader(std::span<const std::string> words, const Questions& questions)
      : words_(words), questions_(questions) {}

  base::Result<Invocation> read() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (flags_ended_ || !(is_flag(word) || word == "--" || word == "-h")) {
        FOOTFALL_RETURN_IF_ERROR(take_place(word));
      } else if (word == "--") {
        flags_ended_ = true;
      } else {
        FOOTFALL_RETURN_IF_ERROR(take_flag(word == "-h" ? "help" : word.substr(2)));
      }
    }
    FOOTFALL_RETURN_IF_ERROR(finish());
    return std::move(invocation_);
  }

 private:
  base::Status take_place(const std::string& word) {
    if (verb_ == nullptr) {
      if (word == "help" && !invocation_.help) {
        invocation_.help = true;
        return base::Ok{};
      }
      verb_ = find_verb(word);
      if (verb_ == nullptr) return unknown_verb(word, questions_);
      invocation_.verb = word;
      return base::Ok{};
    }
    if (place_ == verb_->places.size()) {
      // `ask SHOP sql "..."` is `sql SHOP "..."`.
      if (invocation_.verb == "ask" && invocation_.request.value("question", "") == "sql" &&
          !invocation_.request.contains("query")) {
        invocation_.request["query"] = word;
        return base::Ok{};
      }
      std::string said = verb_->name;
      for (const Place& place : verb_->places) said += " " + place.name;
      return base::invalid(
          fmt::format("expected nothing more behind `{}`: {}", said, base::printable(word)));
    }
    const Place& place = verb_->places[place_];
    if (word.empty()) {
      return base::invalid(fmt::format("{}: expected {}: \"\"", place.name, place.help), place.key);
    }
    if (place.key == "shop") {
      invocation_.shop = word;
    } else if (place.many) {
      invocation_.request[place.key].push_back(word);
    } else {
      invocation_.request[place.key] = word;
    }
    if (!place.many) ++place_;
    return base::Ok{};
  }

  base::Status take_flag(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const std::string key = key_of(name);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = word.substr(equals + 1);
    if (const Flag* flag = find_flag(global_flags(), flag_of(key)); flag != nullptr) {
      return take_global(*flag, std::move(value));
    }
    FOOTFALL_RETURN_IF_ERROR(check_no_place(name, key));
    const Flag* flag = verb_ == nullptr ? nullptr : find_flag(verb_->flags, flag_of(key));
    if (flag == nullptr && (verb_ == nullptr || !verb_->open_flags)) return unknown_flag(name);
    const bool is_switch = flag != nullptr && flag->value.empty();
    if (is_switch && value.has_value()) {
      return base::invalid(
          fmt::format("--{}: expected no value: {}", name, base::printable(*value)), key);
    }
    // A word that begins with a dash may be a value (-1); two dashes are the next flag.
    if (!is_switch && !value.has_value() && at_ < words_.size() && !is_flag(words_[at_])) {
      value = words_[at_++];
    }
    if (flag != nullptr && !is_switch && !value.has_value()) {
      return base::invalid(
          fmt::format("--{}: expected a value, {}: none was given", name, flag->value), key);
    }
    add(key, value.has_value() ? Json(*value) : Json(true));
    return base::Ok{};
  }

  // What a place of the verb says has no flag beside it.
  base::Status check_no_place(const std::string& name, const std::string& key) const {
    if (verb_ == nullptr) return base::Ok{};
    for (const Place& place : verb_->places) {
      if (place.key != key) continue;
      return base::invalid(
          fmt::format("{}: expected {} without a flag: --{}", verb_->name, place.name, name), key);
    }
    return base::Ok{};
  }

  void add(const std::string& key, Json value) {
    const auto found = invocation_.request.find(key);
    if (found == invocation_.request.end()) {
      invocation_.request[key] = std::move(value);
    } else if (found->is_array()) {
      found->push_back(std::move(value));
    } else {
      *found = Json::array({*found, std::move(value)});
    }
  }

  base::Status take_global(const Flag& flag, std::optional<std::string> value) {
    if (flag.name == "threads") {
      if (!value.has_value() && at_ < words_.size() && !is_flag(words_[at_])) {
        value = words_[at_++];
      }
      const std::string text = value.value_or("");
      const auto [end, failure] =
          std::from_chars(text.data(), text.data() + text.size(), invocation_.threads);
      if (failure != std::errc() || end != text.data() + text.size() || invocation_.threads < 1 ||
          invocation_.threads > kThreadsMax) {
        return base::invalid(fmt::format("--threads: expected a whole number from 1 to {}: {}",
                                         kThreadsMax, base::printable(text)),
                             "threads");
      }
      return base::Ok{};
    }
    if (value.has_value()) {
      return base::invalid(
          fmt::format("--{}: expected no value: {}", flag.name, base::printable(*value)),
          key_of(flag.name));
    }
    if (flag.name == "json" || flag.name == "csv") {
      const OutputForm form = flag.name == "json" ? OutputForm::kJson : OutputForm::kCsv;
      if (invocation_.form != OutputForm::kText && invocation_.form != form) {
        return base::invalid("expected one of --json and --csv: both were given", "csv");
      }
      invocation_.form = form;
    }
    if (flag.name == "full") invocation_.full = true;
    if (flag.name == "quiet") invocation_.quiet = true;
    if (flag.name == "no-color") invocation_.no_color = true;
    if (flag.name == "help") invocation_.help = true;
    if (flag.name == "version") invocation_.version = true;
    return base::Ok{};
  }

  base::Error unknown_flag(const std::string& name) const {
    std::vector<std::string> names;
    if (verb_ != nullptr) {
      for (const Flag& flag : verb_->flags) names.push_back("--" + flag.name);
    }
    for (const Flag& flag : global_flags()) names.push_back("--" + flag.name);
    base::Error error =
        base::invalid(fmt::format("expected a flag{}, one of {}: --{}",
                                  verb_ == nullptr ? "" : fmt::format(" of {}", verb_->name),
                                  fmt::join(names, ", "), base::printable(name)),
                      key_of(name));
    error.hint = base::nearest_words_hint("--" + name, names);
    return error;
  }

  base::Status finish() {
    if (invocation_.help || invocation_.version) return base::Ok{};
    if (verb_ == nullptr) {
      invocation_.help = true;
      return base::Ok{};
    }
    for (std::size_t i = place_; i < verb_->places.size(); ++i) {
      if (!verb_->places[i].required) continue;
      base::Error error = base::invalid(
          fmt::format("{}: expected {}: none was given", verb_->name, verb_->places[i].name),
          verb_->places[i].key);
      error.hint = "for example: " + verb_->examples.front();
      return error;
    }
    if (invocation_.verb == "collect") return check_collect();
    FOOTFALL_RETURN_IF_ERROR(check_question());
    if (invocation_.verb == "ask" && invocation_.request.value("question", "") == "sql") {
      if (!invocation_.request.contains("query")) {
        return base::invalid("ask SHOP sql: expected a query: none was given", "query");
      }
      invocation_.verb = "sql";
      invocation_.request.erase("question");
    }
    return base::Ok{};
  }

  // A key of a question that needs a value has got none where it is true.
  base::Status check_question() const {
    const std::string name = invocation_.request.value("question", "");
    for (const auto& question : questions_) {
      if (invocation_.verb != "ask" || question.name != name) continue;
      for (const auto& key : question.keys) {
        const auto found = invocation_.request.find(key.name);
        if (key.is_switch || found == invocation_.request.end() || *found != Json(true)) continue;
        return base::invalid(
            fmt::format("--{}: expected a value, {}: none was given", flag_of(key.name), key.help),
            key.name);
      }
    }
    return base::Ok{};
  }

  base::Status check_collect() const {
    const Json& request = invocation_.request;
    const int wishes = static_cast<int>(request.contains("files")) +
                       static_cast<int>(request.contains("undo")) +
                       static_cast<int>(request.contains("quarantine"));
    if (wishes == 1) return base::Ok{};
    base::Error error = base::invalid(
        wishes == 0 ? "collect: expected FILE, --undo BATCH or --quarantine: none was given"
                    : "collect: expected one of FILE, --undo and --quarantine: more were given",
        "files");
    error.hint = "for example: " + verb_->examples.front();
    return error;
  }

  std::span<const std::string> words_;
  const Questions& questions_;
  std::size_t at_ = 0;
  const Verb* verb_ = nullptr;
  std::size_t place_ = 0;
  bool flags_ended_ = false;
  Invocation invocation_;
};

}  // namespace

base::Result<Invocation> parse_arguments(std::span<const std::string> words,
                                         const Questions& questions) {
  return Reader(words, questions).read();
}

}  // namespace footfall::cli
