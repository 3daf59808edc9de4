// The verbs of the terminal: places, flags, help and examples, as one table.
#pragma once

#include <string>
#include <vector>

namespace footfall::cli {

/// A word that stands at a fixed place behind the verb.
struct Place {
  std::string name;  // As in the help: "SHOP", "FILE".
  std::string key;   // Key of the request; "shop" names the folder.
  bool required = true;
  bool many = false;  // Takes all further words, as a list.
  std::string help = {};
};

struct Flag {
  std::string name;   // Without dashes: "week-start".
  std::string value;  // "DAY", or "" for a switch.
  std::string help;
  bool required = false;
};

struct Verb {
  std::string name;
  std::string summary;
  std::vector<Place> places;
  std::vector<Flag> flags;
  std::vector<std::string> examples;
  bool open_flags = false;   // Any further `--key value` is a key of the request.
  std::string details = {};  // A sentence or two below the usage.
};

/// All verbs, in the order of the help.
const std::vector<Verb>& verbs();

/// Flags that every verb takes.
const std::vector<Flag>& global_flags();

/// The verb of that name, or null.
const Verb* find_verb(const std::string& name);

}  // namespace footfall::cli
